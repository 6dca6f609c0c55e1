#pragma once

#include "bench/commit_log.hpp"
#include "bench/run.hpp"
#include "bench/sink.hpp"

#include <filesystem>
#include <string>
#include <unordered_map>
#include <vector>

namespace bench {

// When READY of a session was committed, and of whom.
struct ready_session
{
    std::string user_id;
    std::int64_t at_ns = 0;
};

// By idempotency key.
using ready_sessions = std::unordered_map<std::string, ready_session>;

// What a receiver that has stopped committed, with the keys from its database.
std::vector<arrival> read_arrivals(const commit_log& log, const std::filesystem::path& database);

// What a sender that has stopped made READY, with the sessions from its database.
ready_sessions read_ready(const commit_log& log, const std::filesystem::path& database);

// Fills in what `figures` has of events and READYs, with the requests in it already. Throws
// std::runtime_error when a living user's event is missing, or there twice, or an event is nobody's.
void judge_arrivals(const std::vector<arrival>& events, const ready_sessions& ready, run_figures& figures);

// Throws std::runtime_error unless the events are those of `posts`, each there once.
void judge_posts(const std::vector<std::string>& posts, const std::vector<arrival>& events);

} // namespace bench
