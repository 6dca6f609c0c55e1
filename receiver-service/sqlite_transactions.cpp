#include "receiver-service/sqlite_transactions.hpp"

#include "common/runtime/planted_defect.hpp"

#include <limits>

namespace receiver::sqlite {

namespace {

bool insert_event(storage::connection& db, const incoming& event)
{
    auto insert =
        db.prepare("INSERT INTO events (user_id, idempotency_key, type, session_id, event_id, issued_at, "
                   "received_at, skew_seconds, seed_secret, standard_secret, remote, head, body) "
                   "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
                   "ON CONFLICT DO NOTHING");
    insert.bind(event.event.user_id).bind(event.event.idempotency_key).bind(event.event.type);
    insert.bind(event.event.session_id).bind(event.event.event_id).bind(event.event.issued_at);
    insert.bind(event.received_at.time_since_epoch().count()).bind(event.how.skew.count());
    for (const auto& number : {event.how.seed_secret, event.how.standard_secret})
        number ? insert.bind(static_cast<std::int64_t>(*number)) : insert.bind_null();
    insert.bind(event.remote).bind_blob(event.head).bind_blob(event.body).execute();
    return db.changes() == 1;
}

void count_duplicate(storage::connection& db, const incoming& event)
{
    auto update =
        db.prepare("UPDATE events SET duplicates = duplicates + 1, conflicts = conflicts + (body <> ?) "
                   "WHERE user_id = ? AND idempotency_key = ?");
    update.bind_blob(event.body).bind(event.event.user_id).bind(event.event.idempotency_key).execute();
}

webhook::event read_event(const storage::statement& row, int first)
{
    return {.type = row.text(first),
            .session_id = row.text(first + 1),
            .user_id = row.text(first + 2),
            .event_id = row.text(first + 3),
            .issued_at = row.text(first + 4),
            .idempotency_key = row.text(first + 5)};
}

// From the columns: id, the six members, received_at, duplicates, conflicts, both secrets, skew_seconds.
event_summary read_summary(const storage::statement& row)
{
    return {.id = row.integer(0),
            .event = read_event(row, 1),
            .received_at = instant{std::chrono::milliseconds{row.integer(7)}},
            .duplicates = row.integer(8),
            .conflicts = row.integer(9),
            .seed_secret = row.optional_integer(10),
            .standard_secret = row.optional_integer(11),
            .skew = std::chrono::seconds{row.integer(12)}};
}

std::vector<event_id> find_ids(storage::connection& db, const event_filter& filter, std::size_t limit)
{
    const auto before = filter.before.value_or(std::numeric_limits<event_id>::max());
    // The key's index holds a user's ids, so that only those of the page are looked up in the table.
    auto rows =
        filter.user_id
            ? db.prepare("SELECT id FROM events INDEXED BY events_once WHERE user_id = ?3 AND id < ?1 "
                         "ORDER BY id DESC LIMIT ?2")
            : db.prepare("SELECT id FROM events WHERE id < ?1 ORDER BY id DESC LIMIT ?2");
    rows.bind(before).bind(static_cast<std::int64_t>(limit));
    if (filter.user_id)
        rows.bind(*filter.user_id);
    std::vector<event_id> ids;
    while (rows.step())
        ids.push_back(rows.integer(0));
    return ids;
}

event_summary find_summary(storage::connection& db, event_id id)
{
    auto row =
        db.prepare("SELECT id, type, session_id, user_id, event_id, issued_at, idempotency_key, received_at, "
                   "duplicates, conflicts, seed_secret, standard_secret, skew_seconds "
                   "FROM events WHERE id = ?");
    row.bind(id).step();
    return read_summary(row);
}

} // namespace

acceptance accept(storage::connection& db, const incoming& event)
{
    if (runtime::planted(runtime::defect::dedupe_key_dropped))
        db.run_script(
            "DROP INDEX events_once; CREATE INDEX events_once ON events (user_id, idempotency_key)");
    if (insert_event(db, event))
        return acceptance::accepted;
    count_duplicate(db, event);
    return acceptance::duplicate;
}

std::vector<webhook::event> inbox(storage::connection& db, const std::string& user_id)
{
    std::vector<webhook::event> events;
    auto rows =
        db.prepare("SELECT type, session_id, user_id, event_id, issued_at, idempotency_key FROM events "
                   "WHERE id IN (SELECT id FROM events INDEXED BY events_once WHERE user_id = ? "
                   "ORDER BY id DESC LIMIT ?) ORDER BY id");
    rows.bind(user_id).bind(static_cast<std::int64_t>(inbox_events_max));
    while (rows.step())
        events.push_back(read_event(rows, 0));
    return events;
}

event_page events(storage::connection& db, const event_filter& filter)
{
    auto ids = find_ids(db, filter, filter.limit + 1); // one more tells whether there is a next page
    event_page page;
    if (ids.size() > filter.limit) {
        ids.pop_back();
        page.next = ids.back();
    }
    for (const auto id : ids)
        page.items.push_back(find_summary(db, id));
    return page;
}

std::optional<event_detail> find_event(storage::connection& db, event_id id)
{
    auto row =
        db.prepare("SELECT id, type, session_id, user_id, event_id, issued_at, idempotency_key, received_at, "
                   "duplicates, conflicts, seed_secret, standard_secret, skew_seconds, remote, head, body "
                   "FROM events WHERE id = ?");
    if (!row.bind(id).step())
        return std::nullopt;
    return event_detail{
        .summary = read_summary(row), .remote = row.text(13), .head = row.text(14), .body = row.text(15)};
}

} // namespace receiver::sqlite
