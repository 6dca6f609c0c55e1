// Runs the same flow on two builds in turn and tells how the figures of the second relate to the first's,
// pair by pair: what disturbs a machine for longer than a pair disturbs both, and a ratio that keeps to one
// side of 1 is more than noise.

#include "bench/samples.hpp"
#include "tests/integration/support/child.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <charconv>
#include <exception>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

namespace json = boost::json;

namespace {

constexpr std::chrono::minutes run_within{15};
constexpr int name_width = 34;
constexpr int ratio_width = 8;

// What is compared, where a run has it.
constexpr std::string_view compared[] = {"events per second",
                                         "READY to inbox p50",
                                         "READY to inbox p99",
                                         "request p50",
                                         "request p99",
                                         "sender CPU per event",
                                         "receiver CPU per event",
                                         "sender written per event",
                                         "receiver written per event"};

struct request
{
    std::filesystem::path first;
    std::filesystem::path second;
    unsigned pairs = 5;
    std::vector<std::string> flow; // further options
};

request read_request(int argc, const char* const* argv)
{
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (words.size() < 2)
        throw std::invalid_argument("compare BUILD_A BUILD_B [--pairs N] [options of flow]");
    request asked{std::filesystem::absolute(words[0]), std::filesystem::absolute(words[1]), 5, {}};
    auto next = words.begin() + 2;
    if (next != words.end() && *next == "--pairs") {
        if (++next == words.end())
            throw std::invalid_argument("--pairs wants a number");
        const auto [end, error] = std::from_chars(next->data(), next->data() + next->size(), asked.pairs);
        if (error != std::errc{} || end != next->data() + next->size() || asked.pairs == 0)
            throw std::invalid_argument("--pairs wants a number");
        ++next;
    }
    asked.flow.assign(next, words.end());
    return asked;
}

// One run of flow with the daemons of `build`: the figures of its part "flow".
json::object run(const std::filesystem::path& build, const request& asked)
{
    std::vector<std::string> options{"--json", "--machine", "0", "--starts", "0", "--build", build.string()};
    options.insert(options.end(), asked.flow.begin(), asked.flow.end());
    const auto done = integration::run(FLOW_EXECUTABLE, options, {}, run_within);
    if (done.status != 0)
        throw std::runtime_error(build.string() + ": " + done.errors);
    return json::parse(done.output).as_object().at("flow").as_object();
}

void tell(std::string_view name, const std::vector<json::object>& first,
          const std::vector<json::object>& second)
{
    if (!first.front().contains(name) || !second.front().contains(name))
        return;
    std::cout << std::left << std::setw(name_width) << name << std::right;
    std::vector<double> ratios;
    for (std::size_t i = 0; i < first.size(); ++i) {
        ratios.push_back(second[i].at(name).to_number<double>() / first[i].at(name).to_number<double>());
        std::cout << std::setw(ratio_width) << ratios.back();
    }
    std::cout << "   median" << std::setw(ratio_width) << median(ratios) << '\n';
}

void compare(const request& asked)
{
    std::vector<json::object> first;
    std::vector<json::object> second;
    for (unsigned i = 0; i < asked.pairs; ++i) {
        // The second goes first in every other pair, so that what one run leaves to the next favours neither.
        if (i % 2 == 1)
            second.push_back(run(asked.second, asked));
        first.push_back(run(asked.first, asked));
        if (i % 2 == 0)
            second.push_back(run(asked.second, asked));
        std::cerr << "pair " << i + 1 << " of " << asked.pairs << '\n';
    }
    std::cout << std::fixed << std::setprecision(3) << asked.second.string() << " / " << asked.first.string()
              << '\n';
    for (const auto name : compared)
        tell(name, first, second);
}

} // namespace

} // namespace bench

int main(int argc, char** argv)
{
    try {
        bench::compare(bench::read_request(argc, argv));
        return 0;
    }
    catch (const std::invalid_argument& wrong) {
        std::cerr << "compare: " << wrong.what() << '\n';
        return 2;
    }
    catch (const std::exception& failure) {
        std::cerr << "compare: " << failure.what() << '\n';
        return 1;
    }
}
