#include "common/runtime/planted_defect.hpp"
#include "tests/sim/campaign.hpp"
#include "tests/sim/run.hpp"

#include <algorithm>
#include <charconv>
#include <iostream>
#include <string_view>
#include <thread>
#include <vector>

namespace {

constexpr std::string_view usage =
    R"(simulation [--seeds N] [--first S] [--jobs J] [--defect NAME] [--all-faults]
    Simulates N seeds (100) from S (1) on, in J processes (one for each core), and prints the first that broke a
    promise. --defect breaks the product on purpose, and then it fails unless a seed finds that. --all-faults
    fails when a fault was never injected.
simulation --replay S [--defect NAME]
    Simulates the seed S alone and prints its journal.
simulation --defects
    Lists the defects that can be planted.
)";

struct options
{
    sim::campaign campaign{1, 100, std::max(1U, std::thread::hardware_concurrency())};
    std::optional<std::uint64_t> replay;
    std::string_view defect;
    bool all_faults = false;
};

std::uint64_t number_of(std::string_view text)
{
    std::uint64_t value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc{} || end != text.data() + text.size())
        throw std::invalid_argument("not a number: " + std::string(text));
    return value;
}

options read_options(const std::vector<std::string_view>& words)
{
    options given;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto word = words[i];
        if (word == "--all-faults") {
            given.all_faults = true;
            continue;
        }
        if (++i == words.size())
            throw std::invalid_argument("what follows " + std::string(word) + "?");
        if (word == "--seeds")
            given.campaign.seeds = number_of(words[i]);
        else if (word == "--first")
            given.campaign.first = number_of(words[i]);
        else if (word == "--jobs")
            given.campaign.jobs = std::clamp<unsigned>(static_cast<unsigned>(number_of(words[i])), 1U, 256U);
        else if (word == "--replay")
            given.replay = number_of(words[i]);
        else if (word == "--defect")
            given.defect = words[i];
        else
            throw std::invalid_argument("unknown: " + std::string(word));
    }
    return given;
}

int replay(std::uint64_t seed)
{
    const auto result = sim::run(seed);
    std::cout << result.journal;
    std::cout << "seed " << seed << ": " << result.violation.value_or("every promise was kept") << '\n';
    return result.violation ? EXIT_FAILURE : EXIT_SUCCESS;
}

// True when each fault was injected at least once.
bool print_counts(const sim::campaign_result& result)
{
    bool all = true;
    for (std::size_t i = 0; i < sim::fault_kinds; ++i) {
        std::cout << "  " << result.faults[i] << " x " << to_string(static_cast<sim::fault>(i)) << '\n';
        all = all && result.faults[i] > 0;
    }
    for (const auto& [status, count] : result.deliveries)
        std::cout << "  " << count << " deliveries " << status << '\n';
    return all;
}

int simulate(const options& given)
{
    const auto result = sim::carry_out(given.campaign);
    const auto& failure = result.first_failure;
    if (!given.defect.empty()) {
        std::cout << given.defect << ": ";
        if (failure)
            std::cout << "found by seed " << failure->seed << ": " << failure->what << '\n';
        else
            std::cout << "not found by " << result.seeds_run << " seeds\n";
        return failure ? EXIT_SUCCESS : EXIT_FAILURE;
    }
    std::cout << result.seeds_run << " seeds from " << given.campaign.first << " on\n";
    const bool all = print_counts(result);
    if (failure)
        std::cout << "seed " << failure->seed << " broke a promise: " << failure->what
                  << "\nreplay it: scripts/simulate --replay " << failure->seed << '\n';
    else
        std::cout << "every promise was kept\n";
    if (!all && given.all_faults)
        std::cout << "a fault was never injected\n";
    return failure || (!all && given.all_faults) ? EXIT_FAILURE : EXIT_SUCCESS;
}

} // namespace

int main(int argc, char** argv)
{
    const std::vector<std::string_view> words(argv + 1, argv + argc);
    if (words == std::vector<std::string_view>{"--defects"}) {
        for (const auto name : runtime::defect_names())
            std::cout << name << '\n';
        return EXIT_SUCCESS;
    }
    try {
        const auto given = read_options(words);
        if (!given.defect.empty()) {
            const auto which = runtime::parse_defect(given.defect);
            if (!which)
                throw std::invalid_argument("no such defect: " + std::string(given.defect));
            runtime::plant(*which);
        }
        return given.replay ? replay(*given.replay) : simulate(given);
    }
    catch (const std::invalid_argument& problem) {
        std::cerr << problem.what() << '\n' << usage;
        return 2;
    }
}
