#include "bench/data_folder.hpp"
#include "bench/guarded.hpp"
#include "bench/machine.hpp"
#include "bench/numbers.hpp"
#include "bench/options.hpp"
#include "bench/programs.hpp"
#include "bench/refusing_origin.hpp"
#include "bench/report.hpp"
#include "bench/run.hpp"
#include "common/storage/database.hpp"
#include "common/storage/writer.hpp"

#include <algorithm>
#include <functional>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

namespace bench {

namespace {

constexpr std::chrono::milliseconds idle_time{300};
constexpr double mib = 1'048'576;

// Starts a daemon several times, leaves it idle, and stops it. `prepare` is called before each start.
void tell_starts(report& told, const std::string& name, const daemon_options& how, std::size_t times,
                 const std::function<void()>& prepare)
{
    samples ready;
    double resident = 0;
    for (std::size_t i = 0; i < times; ++i) {
        prepare();
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

void tell_fresh_starts(report& told, const options& asked, const data_folder& folder)
{
    told.section("start", "fresh databases; without the probe");
    const auto empty = [&] { folder.empty(); };
    tell_starts(told, "sender", sender_options(asked), asked.starts, empty);
    tell_starts(told, "receiver", receiver_options(asked), asked.starts, empty);
    folder.empty();
}

void tell_restarts(report& told, const options& asked)
{
    told.section("restart", "on the databases as the run has left them; without the probe");
    const auto keep = [] {};
    if (asked.what != target::receiver)
        tell_starts(told, "sender", sender_options(asked), asked.starts, keep);
    if (asked.what != target::sink)
        tell_starts(told, "receiver", receiver_options(asked), asked.starts, keep);
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
    const auto events = static_cast<double>(figures.who.living());
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
    if (figures.who.failing > 0) {
        const auto failing = static_cast<double>(figures.who.failing);
        const auto posts = static_cast<double>(figures.failed_posts);
        told.add("users whose callback fails", failing);
        told.add("their POSTs", posts);
        told.add("their POSTs per user", posts / failing, {}, 2);
        told.add("their share of all POSTs", posts / (posts + events) * 100, "%", 1);
    }
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

void tell_setting(report& told, const options& asked)
{
    told.section("setting");
    told.add("mode", mode_name(asked.what));
    told.add("build", asked.build.string());
    told.add("file system", disk_file_system(asked.folder));
    told.add("cores", std::thread::hardware_concurrency());
    told.add("connections", static_cast<double>(asked.connections));
    told.add("rate (0: a closed loop)", asked.rate, "1/s");
    told.add("on their way at most", static_cast<double>(asked.on_its_way_max), "events");
    told.add("share of users who fail", asked.failing, {}, 3);
    told.add("origins", static_cast<double>(asked.origins));
    told.add("events beforehand", static_cast<double>(asked.aged));
    told.add("for a dead origin beforehand", static_cast<double>(asked.backlog), "deliveries");
    told.add("waiting beforehand", static_cast<double>(asked.waiting), "users");
    told.add("pages between checkpoints", storage::checkpoint_pages_usual);
}

report measure(const options& asked)
{
    const data_folder folder(asked.folder, asked.keep);
    report told;
    tell_setting(told, asked);
    std::optional<machine_figures> bare;
    if (asked.machine_s > 0) {
        announce(asked, "machine: what it gives without this project");
        bare = measure_machine(asked.folder, asked.machine_s);
        folder.empty();
    }
    if (asked.starts > 0) {
        announce(asked, "start: each daemon on fresh databases");
        tell_fresh_starts(told, asked, folder);
    }
    const refusing_origin dead; // until after the restarts, which try it too
    const bool aged = asked.aged + asked.backlog + asked.waiting > 0;
    if (aged) {
        announce(asked, "fill: what is in the databases beforehand");
        fill_databases(asked, dead.url());
    }
    announce(asked, "load: " + number_text(static_cast<double>(asked.events), 0) + " events");
    auto figures = run(asked);
    tell_run(told, asked, figures);
    if (aged && asked.starts > 0) {
        announce(asked, "restart: each daemon on those databases");
        tell_restarts(told, asked);
    }
    if (bare)
        tell_machine(told, asked, *bare, static_cast<double>(figures.who.living()) / figures.seconds);
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
    return bench::guarded("flow", [&] { return bench::run_program(argc, argv); });
}
