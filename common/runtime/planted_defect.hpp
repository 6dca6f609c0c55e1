#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace runtime {

// Ways to break the product on purpose, so that the simulation can be shown to find each. In a build without
// WAITING_ROOM_TEST_HOOKS, as what is shipped, there are none and no trace of them.
enum class defect {
    dedupe_key_dropped,         // the receiver takes every key for a new one
    acknowledged_before_commit, // the writer's callers are told before the commit
    retried_without_jitter,     // every retry waits exactly its backoff
    recorded_before_response,   // a delivery counts as delivered once its POST begins
    ready_without_delivery,     // READY is stored, and its delivery only in memory
    not_made_durable,           // the log of a process whose fsync failed is trusted
    not_synchronous,            // SQLite does not wait for the disk (synchronous=OFF)
    cap_ignored,                // an origin gets as many attempts at once as there are slots
    breaker_never_closes,       // an origin whose breaker is open is probed, and stays blocked
    backlog_scanned,            // what is due is looked for among everything that is due, not by origin
    pause_forgotten,            // the origins that an operator paused are not read at a start
    forwarded_from_memory       // an event is processed when it is accepted, and forwarded only from memory
};

#ifdef WAITING_ROOM_TEST_HOOKS

// Is this one planted? At most one is. Thread-safe once the threads that ask are running.
bool planted(defect which);

// Plants it, for the rest of the process's life; before there are other threads.
void plant(defect which);

// The name of a defect, as a test gives it; nothing when there is none of that name.
std::optional<defect> parse_defect(std::string_view name);
std::span<const std::string_view> defect_names();

#else

constexpr bool planted(defect)
{
    return false;
}

#endif

} // namespace runtime
