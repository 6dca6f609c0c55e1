#include "common/outbox/sqlite_attempts.hpp"
#include "common/storage/stored_time.hpp"
#include "receiver-service/sqlite_transactions.hpp"

namespace receiver::sqlite {

namespace {

// What one turn of pruning looks at.
struct range
{
    std::vector<event_id> to_delete;
    std::optional<event_id> last; // nothing when the rest of the table is too young
};

// The table is in the order of arrival: behind the first event that is too young there is nothing to do.
range look_through(storage::connection& db, instant before, event_id after, std::size_t limit)
{
    range seen;
    auto rows = db.prepare(
        "SELECT id, received_at, state <> 0 AND crowded = 0 AND coalesce(finished_at, received_at) < ?1 "
        "FROM events WHERE id > ?2 AND id < (SELECT max(id) FROM events) ORDER BY id LIMIT ?3");
    rows.bind(storage::to_stored(before)).bind(after).bind(static_cast<std::int64_t>(limit));
    std::size_t looked_at = 0;
    event_id last = after;
    for (; rows.step() && storage::from_stored(rows.integer(1)) < before; ++looked_at) {
        last = rows.integer(0);
        if (rows.integer(2) != 0)
            seen.to_delete.push_back(last);
    }
    if (looked_at == limit)
        seen.last = last;
    return seen;
}

} // namespace

outbox::sqlite::expiry expiry()
{
    return {.find = "SELECT due_at, id, since FROM events INDEXED BY events_to_forward "
                    "WHERE state = 0 AND (due_at, id) > (?1, ?2) AND due_at <= ?3 "
                    "ORDER BY due_at, id LIMIT ?4",
            .give_up = "UPDATE events SET state = 2, due_at = NULL, finished_at = ?1, reason = ?2 "
                       "WHERE id = ?3 AND state = 0 AND since <= ?4"};
}

outbox::walk_turn prune(storage::connection& db, instant before, const outbox::walk_position& from,
                        std::size_t limit)
{
    const auto seen = look_through(db, before, from.major, limit);
    for (const auto id : seen.to_delete) {
        outbox::sqlite::delete_attempts(db, id);
        auto remove = db.prepare("DELETE FROM events WHERE id = ?");
        remove.bind(id).execute();
    }
    outbox::walk_turn turn;
    turn.count = seen.to_delete.size();
    if (seen.last)
        turn.next = outbox::walk_position{*seen.last, 0};
    return turn;
}

} // namespace receiver::sqlite
