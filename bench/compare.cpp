// Runs the same flow on two builds in turn and tells how the figures of the second relate to the first's,
// pair by pair: what disturbs a machine for longer than a pair disturbs both, and a ratio that keeps to one
// side of 1 is more than noise.

#include "bench/comparison.hpp"
#include "bench/options.hpp"
#include "bench/programs.hpp"
#include "bench/samples.hpp"
#include "tests/integration/support/child.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

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
                                         "READY to inbox p50 [ms]",
                                         "READY to inbox p99 [ms]",
                                         "request p50 [ms]",
                                         "request p99 [ms]",
                                         "sender CPU per event [us]",
                                         "receiver CPU per event [us]",
                                         "sender written per event [bytes]",
                                         "receiver written per event [bytes]"};

// One run of flow with the daemons of `build`: the figures of its part "flow".
json::object run(const std::filesystem::path& build, const comparison& asked)
{
    const auto done = integration::run(FLOW_EXECUTABLE, run_options(build, asked), {}, run_within);
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

void compare(const comparison& asked)
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
        if (bench::wants_help(argc, argv)) {
            std::cout << bench::comparison_usage_text();
            return 0;
        }
        const auto asked = bench::read_comparison(argc, argv);
        bench::require_programs(asked.first);
        bench::require_programs(asked.second);
        bench::compare(asked);
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
