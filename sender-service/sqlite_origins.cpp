#include "sender-service/sqlite_transactions.hpp"

#include <limits>

namespace sender::sqlite {

namespace {

void count_deliveries(storage::connection& db, origin_summary& of)
{
    {
        auto row = db.prepare("SELECT count(*), min(due_at) FROM sessions INDEXED BY deliveries_due "
                              "WHERE state = 2 AND origin = ?");
        row.bind(of.id).step();
        of.backlog = static_cast<std::uint64_t>(row.integer(0));
        of.oldest_due_at = from_stored(row.optional_integer(1));
    }
    auto row = db.prepare("SELECT count(*) FROM sessions INDEXED BY deliveries_dead_of_origin "
                          "WHERE state = 4 AND origin = ?");
    row.bind(of.id).step();
    of.dead = static_cast<std::uint64_t>(row.integer(0));
}

std::optional<origin_summary> find_summary_of_origin(storage::connection& db, origin_id id)
{
    origin_summary found;
    {
        auto row = db.prepare("SELECT origin, paused_at FROM origins WHERE id = ?");
        if (!row.bind(id).step())
            return std::nullopt;
        found.id = id;
        found.origin = row.text(0);
        found.paused_at = from_stored(row.optional_integer(1));
    }
    count_deliveries(db, found);
    return found;
}

constexpr std::string_view known_before = "SELECT id FROM origins WHERE id < ? ORDER BY id DESC LIMIT 1";
constexpr std::string_view paused_before = "SELECT id FROM origins INDEXED BY origins_paused "
                                           "WHERE paused_at IS NOT NULL AND id < ? ORDER BY id DESC LIMIT 1";
constexpr std::string_view pending_before = "SELECT origin FROM sessions INDEXED BY deliveries_due "
                                            "WHERE state = 2 AND origin < ? ORDER BY origin DESC LIMIT 1";

std::string_view statement_for(origin_filter::having with)
{
    switch (with) {
    case origin_filter::having::pause:
        return paused_before;
    case origin_filter::having::pending:
        return pending_before;
    case origin_filter::having::anything:
        break;
    }
    return known_before;
}

// At most `limit`, the newest first; one seek for each.
std::vector<origin_id> find_ids_of_origins(storage::connection& db, const origin_filter& filter,
                                           std::size_t limit)
{
    std::vector<origin_id> ids;
    for (auto last = filter.before.value_or(std::numeric_limits<origin_id>::max()); ids.size() < limit;) {
        auto row = db.prepare(statement_for(filter.with));
        if (!row.bind(last).step())
            break;
        last = row.integer(0);
        ids.push_back(last);
    }
    return ids;
}

bool matches(const origin_filter& filter, const origin_summary& found)
{
    if (filter.with == origin_filter::having::pending)
        return found.backlog > 0;
    return filter.with != origin_filter::having::pause || found.paused_at.has_value();
}

} // namespace

std::optional<origin_id> find_origin(storage::connection& db, const std::string& origin)
{
    auto row = db.prepare("SELECT id FROM origins WHERE origin = ?");
    return row.bind(origin).step() ? std::optional{row.integer(0)} : std::nullopt;
}

std::vector<origin_id> paused_origins(storage::connection& db)
{
    std::vector<origin_id> paused;
    auto rows = db.prepare("SELECT id FROM origins INDEXED BY origins_paused WHERE paused_at IS NOT NULL");
    while (rows.step())
        paused.push_back(rows.integer(0));
    return paused;
}

origin_page origins(storage::connection& db, const origin_filter& filter)
{
    origin_page page;
    if (filter.origin) {
        const auto id = find_origin(db, *filter.origin);
        const auto found = id ? find_summary_of_origin(db, *id) : std::nullopt;
        if (found && matches(filter, *found) && (!filter.before || found->id < *filter.before))
            page.items.push_back(*found);
        return page;
    }
    auto ids =
        find_ids_of_origins(db, filter, filter.limit + 1); // one more tells whether there is a next page
    if (ids.size() > filter.limit) {
        ids.pop_back();
        page.next = ids.back();
    }
    for (const auto id : ids)
        if (auto found = find_summary_of_origin(db, id))
            page.items.push_back(std::move(*found));
    return page;
}

std::optional<origin_id> pause_origin(storage::connection& db, const std::string& origin, bool paused,
                                      instant now)
{
    const auto id = find_origin(db, origin);
    if (!id)
        return std::nullopt;
    // Pausing what is paused keeps the time since when.
    auto update =
        db.prepare("UPDATE origins SET paused_at = CASE WHEN ? THEN coalesce(paused_at, ?) END WHERE id = ?");
    update.bind(paused ? 1 : 0).bind(to_stored(now)).bind(*id).execute();
    return id;
}

} // namespace sender::sqlite
