#include "common/outbox/sqlite_attempts.hpp"
#include "sender-service/sqlite_transactions.hpp"

#include <vector>

namespace sender::sqlite {

namespace {

struct ended_session
{
    std::int64_t id = 0;
    std::int64_t user = 0;
};

// A user's sessions are chained from the newest to the oldest, so that only the last of a chain may go.
constexpr std::string_view next_session = "SELECT s.id, s.user, s.started_at, s.state IN (1, 3, 4) AND "
                                          "coalesce(s.finished_at, s.became_ready_at) < ?2 "
                                          "AND NOT EXISTS (SELECT 1 FROM sessions p WHERE p.id = s.previous) "
                                          "FROM sessions s WHERE s.id > ?1 ORDER BY s.id LIMIT 1";

void delete_session(storage::connection& db, const ended_session& one)
{
    outbox::sqlite::delete_attempts(db, one.id);
    auto session = db.prepare("DELETE FROM sessions WHERE id = ?");
    session.bind(one.id).execute();
    // Whose newest session that was, has none now; who is not registered either, is forgotten.
    auto newest = db.prepare("UPDATE users SET session = NULL WHERE id = ? AND session = ?");
    newest.bind(one.user).bind(one.id).execute();
    if (db.changes() == 0)
        return;
    auto user = db.prepare("DELETE FROM users WHERE id = ? AND callback_url IS NULL");
    user.bind(one.user).execute();
}

} // namespace

expirable find_expired(storage::connection& db, instant since, const outbox::walk_position& from,
                       std::size_t limit)
{
    expirable found;
    std::size_t seen = 0;
    outbox::walk_position last = from;
    auto rows = db.prepare("SELECT user, id, coalesce(redelivered_at, became_ready_at) "
                           "FROM sessions INDEXED BY deliveries_of_user "
                           "WHERE state = 2 AND (user, id) > (?, ?) ORDER BY user, id LIMIT ?");
    rows.bind(from.major).bind(from.minor).bind(static_cast<std::int64_t>(limit));
    for (; rows.step(); ++seen) {
        last = {rows.integer(0), rows.integer(1)};
        if (from_stored(rows.integer(2)) <= since)
            found.ids.push_back(last.minor);
    }
    if (seen == limit)
        found.next = last;
    return found;
}

std::size_t expire(storage::connection& db, const std::vector<delivery_id>& ids, instant since, instant now)
{
    std::size_t count = 0;
    for (const auto id : ids) {
        auto update =
            db.prepare("UPDATE sessions SET state = 4, due_at = NULL, finished_at = ?, reason = ? "
                       "WHERE id = ? AND state = 2 AND coalesce(redelivered_at, became_ready_at) <= ?");
        update.bind(to_stored(now)).bind(to_string(outbox::dead_reason::expired)).bind(id);
        update.bind(to_stored(since)).execute();
        count += static_cast<std::size_t>(db.changes());
    }
    return count;
}

outbox::walk_turn prune(storage::connection& db, instant before, const outbox::walk_position& from,
                        std::size_t limit)
{
    outbox::walk_turn turn;
    std::size_t seen = 0;
    outbox::walk_position last = from;
    // One by one, since a session may go only once the one before it in its chain has gone.
    for (; seen < limit; ++seen) {
        ended_session one;
        bool ended = false;
        {
            auto row = db.prepare(next_session);
            if (!row.bind(last.major).bind(to_stored(before)).step())
                break;
            if (from_stored(row.integer(2)) >= before)
                break; // nor can any that began later have ended by then
            one = {row.integer(0), row.integer(1)};
            ended = row.integer(3) != 0;
        }
        last.major = one.id;
        if (!ended)
            continue;
        delete_session(db, one);
        ++turn.count;
    }
    if (seen == limit)
        turn.next = last;
    return turn;
}

} // namespace sender::sqlite
