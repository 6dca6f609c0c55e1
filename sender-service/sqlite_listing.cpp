#include "sender-service/sqlite_transactions.hpp"

#include <limits>

namespace sender::sqlite {

namespace {

// In all of them: ?1 the cursor, ?2 a state or NULL, ?3 an origin's row or NULL, ?4 the limit. Those along an
// index over one state do not compare ?2 with it: that would read the row behind each entry.

// Of everyone, in the order of the table.
constexpr std::string_view newest_of_all = R"sql(
    SELECT id FROM sessions
    WHERE id < ?1 AND state >= 2 AND (?2 IS NULL OR state = ?2) AND (?3 IS NULL OR origin = ?3)
    ORDER BY id DESC LIMIT ?4
)sql";

// What is pending or dead has an index of its own, so that a few among many are found without the many.
constexpr std::string_view newest_pending = R"sql(
    SELECT id FROM sessions INDEXED BY deliveries_due
    WHERE id < ?1 AND state = 2 AND (?3 IS NULL OR origin = ?3)
    ORDER BY id DESC LIMIT ?4
)sql";
constexpr std::string_view newest_dead = R"sql(
    SELECT id FROM sessions INDEXED BY deliveries_dead
    WHERE id < ?1 AND state = 4 AND (?3 IS NULL OR origin = ?3)
    ORDER BY id DESC LIMIT ?4
)sql";
constexpr std::string_view newest_pending_of_origin = R"sql(
    SELECT id FROM sessions INDEXED BY deliveries_due
    WHERE id < ?1 AND state = 2 AND origin = ?3
    ORDER BY id DESC LIMIT ?4
)sql";
constexpr std::string_view newest_dead_of_origin = R"sql(
    SELECT id FROM sessions INDEXED BY deliveries_dead_of_origin
    WHERE id < ?1 AND state = 4 AND origin = ?3
    ORDER BY id DESC LIMIT ?4
)sql";

// Of one user (?5), along the chain of their sessions. Without ORDER BY, SQLite gives the rows of a recursion
// as it finds them, here newest first, and stops at the limit.
constexpr std::string_view newest_of_user = R"sql(
    WITH RECURSIVE chain (id, previous, state, origin) AS (
        SELECT s.id, s.previous, s.state, s.origin
        FROM users u JOIN sessions s ON s.id = u.session WHERE u.user_id = ?5
        UNION ALL
        SELECT s.id, s.previous, s.state, s.origin FROM chain c JOIN sessions s ON s.id = c.previous
    )
    SELECT id FROM chain
    WHERE id < ?1 AND state >= 2 AND (?2 IS NULL OR state = ?2) AND (?3 IS NULL OR origin = ?3)
    LIMIT ?4
)sql";

std::string_view statement_for(const delivery_filter& filter)
{
    if (filter.user_id)
        return newest_of_user;
    if (filter.status == delivery_status::pending)
        return filter.origin ? newest_pending_of_origin : newest_pending;
    if (filter.status == delivery_status::dead)
        return filter.origin ? newest_dead_of_origin : newest_dead;
    return newest_of_all;
}

std::int64_t stored_of(delivery_status status)
{
    switch (status) {
    case delivery_status::pending:
        return static_cast<std::int64_t>(session_state::pending);
    case delivery_status::delivered:
        return static_cast<std::int64_t>(session_state::delivered);
    case delivery_status::dead:
        return static_cast<std::int64_t>(session_state::dead);
    }
    return -1;
}

} // namespace

std::vector<delivery_id> find_ids(storage::connection& db, const delivery_filter& filter,
                                  std::optional<origin_id> origin, std::size_t limit)
{
    auto rows = db.prepare(statement_for(filter));
    rows.bind(filter.before.value_or(std::numeric_limits<delivery_id>::max()));
    filter.status ? rows.bind(stored_of(*filter.status)) : rows.bind_null();
    rows.bind_optional(origin).bind(static_cast<std::int64_t>(limit));
    if (filter.user_id)
        rows.bind(*filter.user_id);
    std::vector<delivery_id> ids;
    while (rows.step())
        ids.push_back(rows.integer(0));
    return ids;
}

delivery_page deliveries(storage::connection& db, const delivery_filter& filter)
{
    delivery_page page;
    std::optional<origin_id> origin;
    if (filter.origin) {
        origin = find_origin(db, *filter.origin);
        if (!origin)
            return page; // never registered: nothing can have gone there
    }
    auto ids = find_ids(db, filter, origin, filter.limit + 1); // one more tells whether there is a next page
    if (ids.size() > filter.limit) {
        ids.pop_back();
        page.next = ids.back();
    }
    for (const auto id : ids)
        if (auto summary = find_summary(db, id))
            page.items.push_back(std::move(*summary));
    return page;
}

} // namespace sender::sqlite
