#include "bench/data_folder.hpp"
#include "bench/machine.hpp"
#include "bench/numbers.hpp"
#include "bench/options.hpp"
#include "bench/programs.hpp"
#include "bench/report.hpp"
#include "bench/run.hpp"
#include "common/storage/database.hpp"
#include "common/storage/writer.hpp"

#include <algorithm>
#include <exception>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

namespace bench {

namespace {

constexpr std::chrono::milliseconds idle_time{300};
constexpr double mib = 1'048'576;

// Starts a daemon on a fresh database, leaves it idle, and stops it, several times.
void tell_starts(report& told, const std::string& name, const daemon_options& how, const data_folder& folder,
                 std::size_t times)
{
    samples ready;
    double resident = 0;
    for (std::size_t i = 0; i < times; ++i) {
        folder.empty();
        daemon one(how);
        ready.add(one.ready_after_ns());
        std::this_thread::sleep_for(idle_time);
        resident = std::max(resident, static_cast<double>(one.used().resident_bytes));
        one.stop();
    }
    told.add(name + " exec to /readyz, median", ready.percentile_ms(0.5), "ms", 1);
    told.add(name + " exec to /readyz, max", ready.percentile_ms(1), "ms", 1);
    told.add(name + " resident, idle", resident / mib, "MiB", 1);
}

void tell_daemon(report& told, const std::string& name, const daemon_share& share, double events)
{
    const double cpu_s = share.after.cpu_s - share.before.cpu_s;
    const auto written = static_cast<double>(share.after.written_bytes - share.before.written_bytes);
    told.add(name + " CPU time", cpu_s, "s", 2);
    told.add(name + " CPU per event", cpu_s * 1e6 / events, "us", 1);
    told.add(name + " written per event", written / events, "bytes");
    told.add(name + " resident, at the end", static_cast<double>(share.after.resident_bytes) / mib, "MiB", 1);
    told.add(name + " database", static_cast<double>(share.database_bytes) / mib, "MiB", 1);
    told.add(name + " write-ahead log", static_cast<double>(share.log_bytes) / mib, "MiB", 1);
}

void tell_run(report& told, const options& asked, run_figures& figures)
{
    const auto events = static_cast<double>(figures.events);
    told.section("flow",
                 "commits are seen by a probe in the daemons, when they return; resolution 1 us or better");
    told.add("events", events);
    told.add("seconds", figures.seconds, {}, 2);
    told.add("events per second", events / figures.seconds);
    if (figures.ready_to_inbox.count() > 0) {
        told.add("READY to inbox", figures.ready_to_inbox);
        told.add("start to inbox", figures.start_to_inbox);
    }
    if (figures.receiver && figures.sender)
        told.add("posted more than once", static_cast<double>(figures.posted_again));
    told.add("request", figures.requests.latencies);
    if (asked.rate > 0)
        told.add("starts over 1 ms late", static_cast<double>(figures.requests.late));
    told.add("generator CPU per event", figures.requests.cpu_s * 1e6 / events, "us", 1);
    if (figures.sender)
        tell_daemon(told, "sender", *figures.sender, events);
    if (figures.receiver)
        tell_daemon(told, "receiver", *figures.receiver, events);
}

// What one event asks of the machine: POSTs exchanged and rows written.
struct event_costs
{
    double posts;
    double rows;
};

event_costs costs_of(target what)
{
    switch (what) {
    case target::pair:
        return {2, 4}; // start and webhook; session, READY, event, outcome
    case target::sink:
        return {2, 3};
    case target::receiver:
        return {1, 1};
    }
    throw std::logic_error("no such mode");
}

void tell_machine(report& told, const options& asked, const machine_figures& bare, double events_per_s)
{
    const auto costs = costs_of(asked.what);
    const double event_cpu_us = costs.posts * bare.post_cpu_us + costs.rows * bare.insert_cpu_us;
    const double by_cpu = std::thread::hardware_concurrency() * 1e6 / event_cpu_us;
    const double by_disk = bare.syncs_per_s * storage::batch_operations_max / costs.rows;
    const double limit = std::min(by_cpu, by_disk);
    told.section("machine", "nothing of this project; the limit is the CPU time of an event's POSTs and rows "
                            "alone, on all cores, or its share of the largest commits' fdatasyncs");
    told.add("Beast POSTs", bare.posts_per_s, "1/s");
    told.add("Beast POST, CPU of both ends", bare.post_cpu_us, "us", 1);
    told.add("SQLite inserts, 64 a commit", bare.inserts_per_s, "1/s");
    told.add("SQLite insert, CPU", bare.insert_cpu_us, "us", 1);
    told.add("fdatasync", bare.syncs_per_s, "1/s");
    told.add("fdatasync, median", bare.sync_median_ms, "ms", 3);
    told.add("POSTs of an event", costs.posts);
    told.add("rows of an event", costs.rows);
    told.add("limit", limit, "1/s");
    if (asked.rate == 0) // else what was asked for was reached, which says nothing of the limit
        told.add("share reached", events_per_s / limit * 100, "%", 1);
}

std::string mode_name(target what)
{
    return what == target::pair ? "pair" : what == target::sink ? "sink" : "receiver";
}

// Says on standard error what a person waits for; a program that wants JSON is not told.
void announce(const options& asked, const std::string& phase)
{
    if (!asked.as_json)
        std::cerr << "flow: " << phase << '\n';
}

report measure(const options& asked)
{
    const data_folder folder(asked.folder, asked.keep);
    report told;
    told.section("setting");
    told.add("mode", mode_name(asked.what));
    told.add("build", asked.build.string());
    told.add("file system", disk_file_system(asked.folder));
    told.add("cores", std::thread::hardware_concurrency());
    told.add("connections", static_cast<double>(asked.connections));
    told.add("rate (0: a closed loop)", asked.rate, "1/s");
    told.add("backlog at most", static_cast<double>(asked.backlog_max), "events");
    told.add("present beforehand", static_cast<double>(asked.aged), "events");
    told.add("pages between checkpoints", storage::checkpoint_pages_usual);
    std::optional<machine_figures> bare;
    if (asked.machine_s > 0) {
        announce(asked, "machine: what it gives without this project");
        bare = measure_machine(asked.folder, asked.machine_s);
    }
    if (asked.starts > 0) {
        announce(asked, "start: each daemon on fresh databases");
        told.section("start", "fresh databases; without the probe");
        tell_starts(told, "sender", sender_options(asked), folder, asked.starts);
        tell_starts(told, "receiver", receiver_options(asked), folder, asked.starts);
    }
    folder.empty();
    announce(asked, "load: " + number_text(static_cast<double>(asked.events), 0) + " events");
    auto figures = run(asked);
    tell_run(told, asked, figures);
    if (bare)
        tell_machine(told, asked, *bare, static_cast<double>(figures.events) / figures.seconds);
    return told;
}

int run_program(int argc, const char* const* argv)
{
    if (wants_help(argc, argv)) {
        std::cout << usage_text();
        return 0;
    }
    const auto asked = read_options(argc, argv);
    require_programs(asked.build);
    const auto told = measure(asked);
    std::cout << (asked.as_json ? told.json() : told.text()) << std::flush;
    return 0;
}

} // namespace

} // namespace bench

int main(int argc, char** argv)
{
    try {
        return bench::run_program(argc, argv);
    }
    catch (const std::invalid_argument& wrong) {
        std::cerr << "flow: " << wrong.what() << '\n';
        return 2;
    }
    catch (const std::exception& failure) {
        std::cerr << "flow: " << failure.what() << '\n';
        return 1;
    }
}
