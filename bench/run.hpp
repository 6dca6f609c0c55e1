#pragma once

#include "bench/daemon.hpp"
#include "bench/load.hpp"
#include "bench/options.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace bench {

// What one daemon took for the timed part.
struct daemon_share
{
    usage before;
    usage after;
    std::uintmax_t database_bytes = 0; // once it was stopped
    std::uintmax_t log_bytes = 0;      // the write-ahead log at the end of the timed part
};

// What the timed part came to.
struct run_figures
{
    population who;     // the living ones' events are what is counted and waited for
    double seconds = 0; // from the first request to the commit, or arrival, of the last event
    load_result requests;
    std::int64_t posted_again = 0; // posted when the receiver had it; with a sink that fails
    samples ready_to_inbox; // from the sender's READY commit to the receiver's commit, or arrival at the sink
    samples start_to_inbox; // from when a start was to be sent
    std::size_t failed_posts = 0; // at the failing users' callbacks
    std::optional<daemon_share> sender;
    std::optional<daemon_share> receiver;
};

// Puts into the databases what `asked` wants to be there beforehand; its backlog waits for `dead_origin`.
void fill_databases(const options& asked, const std::string& dead_origin);

// Runs the mode that `asked` names, its databases in asked.folder. Throws std::runtime_error when an event is
// missing or twice there, a request is refused, or a phase takes too long.
run_figures run(const options& asked);

// Where a build has them, with what the bench sets.
daemon_options sender_options(const options& asked);
daemon_options receiver_options(const options& asked);

} // namespace bench
