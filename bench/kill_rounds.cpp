#include "bench/guarded.hpp"
#include "bench/kill_options.hpp"
#include "bench/kill_run.hpp"
#include "bench/options.hpp"
#include "bench/report.hpp"

#include <iostream>
#include <random>

namespace bench {

namespace {

void tell_times(report& told, const std::string& name, samples& times)
{
    told.add(name + ", median", times.percentile_ms(0.5), "ms");
    told.add(name + ", max", times.percentile_ms(1), "ms");
}

report told_of(const kill_options& asked, std::uint64_t seed, kill_figures& figures)
{
    report told;
    told.section("setting");
    told.add("seed", std::to_string(seed));
    told.add("SENDER_RETRY_BASE_MS", static_cast<double>(asked.retry_base_ms), "ms");
    told.add("SENDER_RETRY_MAX_MS", static_cast<double>(asked.retry_max_ms), "ms");
    told.section("kills",
                 "SIGKILL under load, and a start on the same database and port; from then on to the "
                 "arrival of the last event that was started before");
    told.add("rounds", static_cast<double>(figures.sender_kills + figures.receiver_kills));
    told.add("of the sender", static_cast<double>(figures.sender_kills));
    told.add("of the receiver", static_cast<double>(figures.receiver_kills));
    told.add("events", static_cast<double>(figures.events));
    told.add("lost", static_cast<double>(figures.lost));
    told.add("twice in an inbox", static_cast<double>(figures.twice));
    told.add("POSTs repeated on the wire", static_cast<double>(figures.posted_again));
    tell_times(told, "last arrival", figures.restart_to_arrival);
    tell_times(told, "of the sender's", figures.after_sender_kill);
    tell_times(told, "of the receiver's", figures.after_receiver_kill);
    return told;
}

int run_program(int argc, const char* const* argv)
{
    if (wants_help(argc, argv)) {
        std::cout << kill_usage_text();
        return 0;
    }
    const auto asked = read_kill_options(argc, argv);
    const auto seed = asked.seed.value_or(std::random_device{}());
    std::cerr << "kill-rounds: seed " << seed << '\n'; // before anything can go wrong
    auto figures = run_kills(asked, seed);
    const auto told = told_of(asked, seed, figures);
    std::cout << (asked.as_json ? told.json() : told.text()) << std::flush;
    for (const auto& what : figures.broken)
        std::cerr << "kill-rounds: " << what << '\n';
    return figures.broken.empty() ? 0 : 1;
}

} // namespace

} // namespace bench

int main(int argc, char** argv)
{
    return bench::guarded("kill-rounds", [&] { return bench::run_program(argc, argv); });
}
