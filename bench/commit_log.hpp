#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace bench {

// The environment variable that hands the probe the descriptor of its log, and the log's capacity.
inline constexpr const char* commit_log_variable = "BENCH_COMMIT_LOG";

enum class row_kind : std::uint32_t { event_added = 1, session_changed = 2 };

// A row that a commit made durable.
struct commit_record
{
    std::int64_t at_ns = 0; // CLOCK_MONOTONIC, when the commit returned
    std::int64_t row = 0;
    row_kind what = row_kind::event_added;
};

// Shared memory between a daemon's writer thread, which fills it through commit_probe.cpp, and the bench.
struct commit_log
{
    std::atomic<std::uint64_t> used;         // records that may be read
    std::atomic<std::uint64_t> events_added; // of them
    std::atomic<std::uint64_t> lost;         // for want of room
    std::uint64_t capacity;
    std::int64_t sessions_known; // rows of sessions up to this one were there beforehand: not recorded
    commit_record records[1];    // as many as capacity
};

inline constexpr std::size_t commit_log_bytes(std::size_t capacity)
{
    return sizeof(commit_log) + capacity * sizeof(commit_record);
}

} // namespace bench
