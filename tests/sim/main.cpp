#include "common/runtime/planted_defect.hpp"
#include "tests/sim/campaign.hpp"
#include "tests/sim/run.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <iostream>
#include <string_view>
#include <thread>
#include <vector>

namespace {

constexpr std::string_view usage =
    R"(simulation [--seeds N] [--first S] [--jobs J] [--all-faults]
    Simulates N seeds (100) from S (1) on, in J processes (one for each core). Says how often each fault was
    injected, and fails with the first seed that broke a promise; with --all-faults also when a fault never was.
simulation --defect NAME [--seeds N] [--first S] [--jobs J]
    Breaks the product on purpose, and succeeds when a seed finds that.
simulation --replay S [--defect NAME]
    Simulates the seed S alone and prints its journal; fails when it broke a promise.
simulation --defects
    Lists the defects that can be planted (common/runtime/planted_defect.hpp says what each is).
)";

struct options
{
    sim::campaign campaign{1, 100, std::max(1U, std::thread::hardware_concurrency())};
    std::optional<std::uint64_t> replay;
    std::string_view defect;
    bool all_faults = false;
};

constexpr std::uint64_t number_max = 1'000'000'000;

std::uint64_t number_of(std::string_view option, std::string_view text, std::uint64_t least)
{
    std::uint64_t value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc{} || end != text.data() + text.size() || value < least || value > number_max)
        throw std::invalid_argument(std::string(option) + " wants a whole number from " +
                                    std::to_string(least) + " to " + std::to_string(number_max) + ", not " +
                                    std::string(text));
    return value;
}

void read_option(options& given, std::string_view option, std::string_view value)
{
    if (option == "--seeds")
        given.campaign.seeds = number_of(option, value, 1);
    else if (option == "--first")
        given.campaign.first = number_of(option, value, 0);
    else if (option == "--jobs")
        given.campaign.jobs =
            static_cast<unsigned>(std::min<std::uint64_t>(number_of(option, value, 1), 256));
    else if (option == "--replay")
        given.replay = number_of(option, value, 0);
    else
        given.defect = value;
}

options read_options(const std::vector<std::string_view>& words)
{
    constexpr std::array<std::string_view, 5> with_value{"--seeds", "--first", "--jobs", "--replay",
                                                         "--defect"};
    options given;
    for (auto word = words.begin(); word != words.end(); ++word) {
        if (*word == "--all-faults") {
            given.all_faults = true;
            continue;
        }
        if (std::find(with_value.begin(), with_value.end(), *word) == with_value.end())
            throw std::invalid_argument("unknown option " + std::string(*word));
        if (word + 1 == words.end())
            throw std::invalid_argument(std::string(*word) + " wants a value");
        read_option(given, *word, *(word + 1));
        ++word;
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

void print_counts(const sim::campaign_result& result)
{
    for (std::size_t i = 0; i < sim::fault_kinds; ++i)
        std::cout << "  " << result.faults[i] << " x " << to_string(static_cast<sim::fault>(i)) << '\n';
    for (const auto& [status, count] : result.deliveries)
        std::cout << "  " << count << " deliveries " << status << '\n';
}

// False, and says so, when a fault was never injected.
bool check_faults(const sim::campaign_result& result)
{
    bool all = true;
    for (std::size_t i = 0; i < sim::fault_kinds; ++i) {
        if (result.faults[i] > 0)
            continue;
        std::cout << "never injected: " << to_string(static_cast<sim::fault>(i)) << '\n';
        all = false;
    }
    return all;
}

// Succeeds when the defect is found.
int seek_defect(const options& given)
{
    const auto result = sim::carry_out(given.campaign);
    std::cout << given.defect << ": ";
    if (!result.first_failure) {
        std::cout << "not found by " << result.seeds_run << " seeds\n";
        return EXIT_FAILURE;
    }
    std::cout << "found by seed " << result.first_failure->seed << ": " << result.first_failure->what << '\n';
    return EXIT_SUCCESS;
}

int simulate(const options& given)
{
    const auto result = sim::carry_out(given.campaign);
    std::cout << result.seeds_run << " seeds from " << given.campaign.first << " on\n";
    print_counts(result);
    if (const auto& failure = result.first_failure) {
        std::cout << "seed " << failure->seed << " broke a promise: " << failure->what
                  << "\nreplay it: scripts/simulate --replay " << failure->seed << '\n';
        return EXIT_FAILURE;
    }
    if (given.all_faults && !check_faults(result))
        return EXIT_FAILURE;
    if (result.seeds_run != given.campaign.seeds) {
        std::cout << "of " << given.campaign.seeds << " seeds\n";
        return EXIT_FAILURE;
    }
    std::cout << "every promise was kept\n";
    return EXIT_SUCCESS;
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
    if (words == std::vector<std::string_view>{"--help"}) {
        std::cout << usage;
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
        if (given.replay)
            return replay(*given.replay);
        return given.defect.empty() ? simulate(given) : seek_defect(given);
    }
    catch (const std::invalid_argument& problem) {
        std::cerr << problem.what() << '\n' << usage;
        return 2;
    }
}
