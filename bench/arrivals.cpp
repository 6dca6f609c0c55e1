#include "bench/arrivals.hpp"

#include "bench/message_size.hpp"
#include "bench/requests.hpp"
#include "common/webhook/event.hpp"
#include "receiver-service/sqlite_transactions.hpp"
#include "sender-service/sqlite_transactions.hpp"

#include <algorithm>
#include <span>
#include <stdexcept>
#include <unordered_set>

namespace bench {

namespace {

std::span<const commit_record> records_of(const commit_log& log)
{
    if (log.lost > 0)
        throw std::runtime_error("the bench's log of commits was too short");
    return {log.records, log.used};
}

} // namespace

std::vector<arrival> read_arrivals(const commit_log& log, const std::filesystem::path& database)
{
    storage::connection db(database.string(), storage::connection::mode::read_only);
    std::vector<arrival> events;
    for (const auto& one : records_of(log)) {
        if (one.what != row_kind::event_added)
            continue;
        const auto found = receiver::sqlite::find_event(db, one.row);
        if (!found)
            throw std::runtime_error("an event that was committed is not in the receiver's database");
        events.push_back({found->summary.event.idempotency_key, one.at_ns, found->summary.duplicates});
    }
    return events;
}

ready_sessions read_ready(const commit_log& log, const std::filesystem::path& database)
{
    storage::connection db(database.string(), storage::connection::mode::read_only);
    ready_sessions ready;
    for (const auto& one : records_of(log)) {
        if (one.what != row_kind::session_changed)
            continue;
        const auto found = sender::sqlite::find_summary(db, one.row);
        if (!found)
            throw std::runtime_error("a session that was READY is not in the sender's database");
        // The first change of a session is its READY; the next, its outcome.
        ready.try_emplace(webhook::idempotency_key_of(found->session_id),
                          ready_session{found->user_id, one.at_ns});
    }
    return ready;
}

void judge_arrivals(const std::vector<arrival>& events, const ready_sessions& ready, run_figures& figures)
{
    std::unordered_map<std::string, std::int64_t> missing; // started, by user
    for (std::size_t i = 0; i < figures.who.users; ++i)
        if (!figures.who.fails(i))
            missing.emplace(user_id(i), figures.requests.due_ns[i]);
    std::int64_t last_ns = 0;
    for (const auto& event : events) {
        const auto session = ready.find(event.idempotency_key);
        if (session == ready.end())
            throw std::runtime_error("an event arrived of a session that was not READY");
        const auto started = missing.find(session->second.user_id);
        if (started == missing.end())
            throw std::runtime_error("the event of " + session->second.user_id + " arrived twice");
        figures.posted_again += event.posted_again;
        figures.ready_to_inbox.add(event.at_ns - session->second.at_ns);
        figures.start_to_inbox.add(event.at_ns - started->second);
        last_ns = std::max(last_ns, event.at_ns);
        missing.erase(started);
    }
    if (!missing.empty())
        throw std::runtime_error(std::to_string(missing.size()) + " events did not arrive");
    figures.seconds = static_cast<double>(last_ns - figures.requests.began_ns) / 1e9;
}

void judge_posts(const std::vector<std::string>& posts, const std::vector<arrival>& events)
{
    std::unordered_set<std::string_view> missing;
    for (const auto& post : posts)
        missing.insert(webhook_id(post));
    for (const auto& event : events)
        if (missing.erase(event.idempotency_key) == 0)
            throw std::runtime_error("an event was stored twice, or was never posted: " +
                                     event.idempotency_key);
    if (!missing.empty())
        throw std::runtime_error(std::to_string(missing.size()) + " of " + std::to_string(posts.size()) +
                                 " posts were answered and not stored");
}

} // namespace bench
