#include "common/outbox/sqlite_attempts.hpp"
#include "common/storage/stored_time.hpp"
#include "receiver-service/sqlite_transactions.hpp"

namespace receiver::sqlite {

namespace {

// What one turn looks at.
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

pruning prune(storage::connection& db, instant before, event_id after, std::size_t limit)
{
    const auto seen = look_through(db, before, after, limit);
    for (const auto id : seen.to_delete) {
        outbox::sqlite::delete_attempts(db, id);
        auto remove = db.prepare("DELETE FROM events WHERE id = ?");
        remove.bind(id).execute();
    }
    return {.deleted = seen.to_delete.size(), .next = seen.last};
}

} // namespace receiver::sqlite
