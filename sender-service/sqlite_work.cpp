#include "common/runtime/planted_defect.hpp"
#include "common/webhook/event.hpp"
#include "sender-service/sqlite_transactions.hpp"

namespace sender::sqlite {

namespace {

// Along the index on (origin, due_at): as much work as there are rows to find, whatever waits elsewhere.
constexpr std::string_view due_of_origin =
    "SELECT s.id, u.user_id, s.session_id, s.body, u.callback_url, u.registration, s.attempts, "
    "s.attempts_before, coalesce(s.redelivered_at, s.became_ready_at), s.origin "
    "FROM sessions s INDEXED BY deliveries_due JOIN users u ON u.id = s.user "
    "WHERE s.state = 2 AND s.origin = ? AND s.due_at <= ? ORDER BY s.due_at LIMIT ?";

// What a store would do that knows nothing of origins: it looks through what is due for those that are
// wanted.
constexpr std::string_view due_of_all =
    "SELECT id, user_id, session_id, body, callback_url, registration, attempts, attempts_before, since, "
    "origin "
    "FROM (SELECT s.id, u.user_id, s.session_id, s.body, u.callback_url, u.registration, s.attempts, "
    "s.attempts_before, coalesce(s.redelivered_at, s.became_ready_at) AS since, s.origin "
    "FROM sessions s JOIN users u ON u.id = s.user "
    "WHERE s.state = 2 AND s.due_at <= ?2 ORDER BY s.due_at LIMIT ?3) WHERE origin = ?1";

} // namespace

std::vector<outbox::origin_work> find_work(storage::connection& db, origin_id after, std::size_t limit)
{
    std::vector<outbox::origin_work> found;
    for (auto last = after; found.size() < limit;) {
        // One seek for each origin: the first entry of the index behind the last one's.
        auto row = db.prepare("SELECT origin, due_at FROM sessions INDEXED BY deliveries_due "
                              "WHERE state = 2 AND origin > ? ORDER BY origin, due_at LIMIT 1");
        if (!row.bind(last).step())
            break;
        last = row.integer(0);
        found.push_back({.origin = last, .next_due_at = from_stored(row.integer(1))});
    }
    return found;
}

outbox::claimed claim(storage::connection& db, const outbox::claim_request& wanted, instant now)
{
    outbox::claimed found{.origin = wanted.origin, .due = {}, .next_due_at = std::nullopt};
    {
        const bool scanned = runtime::planted(runtime::defect::backlog_scanned);
        auto rows = db.prepare(scanned ? due_of_all : due_of_origin);
        rows.bind(wanted.origin).bind(to_stored(now)).bind(static_cast<std::int64_t>(wanted.limit));
        while (rows.step())
            found.due.push_back({.id = rows.integer(0),
                                 .origin = rows.integer(9),
                                 .user_id = rows.text(1),
                                 .idempotency_key = webhook::idempotency_key_of(rows.text(2)),
                                 .body = rows.text(3),
                                 .callback_url = rows.text(4),
                                 .registration = rows.integer(5),
                                 .attempts_made = static_cast<unsigned>(rows.integer(6)),
                                 .attempts_before = static_cast<unsigned>(rows.integer(7)),
                                 .since = from_stored(rows.integer(8))});
    }
    if (found.due.size() == wanted.limit) {
        found.next_due_at = now; // there may be more, and the next claim finds out
        return found;
    }
    auto next = db.prepare("SELECT min(due_at) FROM sessions INDEXED BY deliveries_due "
                           "WHERE state = 2 AND origin = ? AND due_at > ?");
    next.bind(wanted.origin).bind(to_stored(now)).step();
    found.next_due_at = from_stored(next.optional_integer(0));
    return found;
}

} // namespace sender::sqlite
