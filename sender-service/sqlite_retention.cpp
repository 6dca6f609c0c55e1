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

// A user's sessions are chained from the newest to the oldest, so that only the last of a chain may go. The
// newest of all stays: SQLite would give its id again.
constexpr std::string_view next_session = "SELECT s.id, s.user, s.started_at, s.state IN (1, 3, 4) AND "
                                          "coalesce(s.finished_at, s.became_ready_at) < ?2 "
                                          "AND s.id < (SELECT max(id) FROM sessions) "
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

outbox::sqlite::expiry expiry()
{
    return {.find = "SELECT user, id, coalesce(redelivered_at, became_ready_at) "
                    "FROM sessions INDEXED BY deliveries_of_user "
                    "WHERE state = 2 AND (user, id) > (?1, ?2) ORDER BY user, id LIMIT ?4",
            .give_up = "UPDATE sessions SET state = 4, due_at = NULL, finished_at = ?1, reason = ?2 "
                       "WHERE id = ?3 AND state = 2 AND coalesce(redelivered_at, became_ready_at) <= ?4"};
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
