// Whether callbacks that stall, drip, reset or fail delay the events of one that is healthy: the same users
// of the healthy one are started beside the others' and alone, in turn, and the times from READY to arrival
// compared, pair by pair.

#include "bench/data_folder.hpp"
#include "bench/guarded.hpp"
#include "bench/machine.hpp"
#include "bench/neighbourhood.hpp"
#include "bench/programs.hpp"
#include "bench/refusing_origin.hpp"
#include "bench/report.hpp"
#include "bench/run.hpp"

#include <iostream>
#include <string>
#include <vector>

namespace bench {

namespace {

// Of the healthy origin's users.
struct times
{
    std::vector<double> p50_ms; // of each run
    std::vector<double> p99_ms;
};

// One run on databases of its own.
run_figures run_once(const options& asked, const data_folder& folder)
{
    folder.empty();
    const refusing_origin dead;
    fill_databases(asked, dead.url());
    auto figures = run(asked);
    if (!asked.as_json)
        std::cerr << "neighbours: " << (asked.failing > 0 ? "beside: " : "alone:  ") << "p50 "
                  << figures.ready_to_inbox.percentile_ms(0.5) << " ms, p99 "
                  << figures.ready_to_inbox.percentile_ms(0.99) << " ms\n";
    return figures;
}

void note(run_figures& figures, times& seen)
{
    seen.p50_ms.push_back(figures.ready_to_inbox.percentile_ms(0.5));
    seen.p99_ms.push_back(figures.ready_to_inbox.percentile_ms(0.99));
}

std::vector<double> ratios(const std::vector<double>& beside, const std::vector<double>& alone)
{
    std::vector<double> all;
    for (std::size_t i = 0; i < beside.size(); ++i)
        all.push_back(beside[i] / alone[i]);
    return all;
}

void tell_times(report& told, const std::string& name, const times& seen)
{
    told.add(name + " p50", median(seen.p50_ms), "ms", 3);
    told.add(name + " p99", median(seen.p99_ms), "ms", 3);
}

report measure(const neighbourhood& asked)
{
    const data_folder folder(asked.beside.folder, asked.beside.keep);
    const auto who = population_of(asked.beside);
    times alone;
    times beside;
    std::vector<double> others_posts;
    run_pairs(
        asked.pairs,
        [&] {
            auto figures = run_once(asked.alone, folder);
            note(figures, alone);
        },
        [&] {
            auto figures = run_once(asked.beside, folder);
            note(figures, beside);
            others_posts.push_back(static_cast<double>(figures.failed_posts));
        });

    report told;
    told.section("setting");
    told.add("build", asked.beside.build.string());
    told.add("file system", disk_file_system(asked.beside.folder));
    told.add("healthy origin", asked.beside.what == target::sink ? "sink" : "receiver");
    told.add("its users", static_cast<double>(who.living()));
    told.add("its starts", asked.alone.rate, "1/s");
    told.add("others", static_cast<double>(asked.beside.failing_as.size()), "origins");
    told.add("their users", static_cast<double>(who.failing));
    told.add("their starts", asked.beside.rate - asked.alone.rate, "1/s");
    told.add("pairs", asked.pairs);
    told.section("neighbours",
                 "READY to arrival at the healthy origin; medians of the runs, and of the pairs");
    tell_times(told, "alone", alone);
    tell_times(told, "beside the others", beside);
    told.add("p50 beside / alone", median(ratios(beside.p50_ms, alone.p50_ms)), {}, 2);
    told.add("p99 beside / alone", median(ratios(beside.p99_ms, alone.p99_ms)), {}, 2);
    told.add("POSTs at the others", median(others_posts));
    told.section("p99 beside / alone of each pair");
    unsigned pair = 0;
    for (const auto ratio : ratios(beside.p99_ms, alone.p99_ms))
        told.add("pair " + std::to_string(++pair), ratio, {}, 2);
    return told;
}

int run_program(int argc, const char* const* argv)
{
    if (wants_help(argc, argv)) {
        std::cout << neighbourhood_usage_text();
        return 0;
    }
    const auto asked = read_neighbourhood({argv + 1, argv + argc});
    require_programs(asked.beside.build);
    const auto told = measure(asked);
    std::cout << (asked.beside.as_json ? told.json() : told.text()) << std::flush;
    return 0;
}

} // namespace

} // namespace bench

int main(int argc, char** argv)
{
    return bench::guarded("neighbours", [&] { return bench::run_program(argc, argv); });
}
