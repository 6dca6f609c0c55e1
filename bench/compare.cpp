// Runs the same flow on two builds in turn and tells how the figures of the second relate to the first's,
// pair by pair: what disturbs a machine for longer than a pair disturbs both, and a ratio that keeps to one
// side of 1 is more than noise.

#include "bench/comparison.hpp"
#include "bench/guarded.hpp"
#include "bench/options.hpp"
#include "bench/pairs.hpp"
#include "bench/programs.hpp"
#include "bench/samples.hpp"
#include "tests/integration/support/child.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

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
    const auto run_of = [&](const std::filesystem::path& build, std::vector<json::object>& runs) {
        return [&] {
            runs.push_back(run(build, asked));
            std::cerr << "pair " << runs.size() << " of " << asked.pairs << ": " << build.string() << '\n';
        };
    };
    run_pairs(asked.pairs, run_of(asked.first, first), run_of(asked.second, second));
    std::cout << std::fixed << std::setprecision(3) << asked.second.string() << " / " << asked.first.string()
              << '\n';
    for (const auto name : compared)
        tell(name, first, second);
}

int run_program(int argc, const char* const* argv)
{
    if (wants_help(argc, argv)) {
        std::cout << comparison_usage_text();
        return 0;
    }
    const auto asked = read_comparison(argc, argv);
    require_programs(asked.first);
    require_programs(asked.second);
    compare(asked);
    return 0;
}

} // namespace

} // namespace bench

int main(int argc, char** argv)
{
    return bench::guarded("compare", [&] { return bench::run_program(argc, argv); });
}
