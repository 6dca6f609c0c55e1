#include "receiver-service/sqlite_transactions.hpp"

#include "common/runtime/planted_defect.hpp"

#include <limits>

namespace receiver::sqlite {

namespace {

bool insert_event(storage::connection& db, const incoming& event, const event_hashes& hashes)
{
    auto insert = db.prepare(
        "INSERT INTO events (user_id, idempotency_key, user_hash, key_hash, type, session_id, event_id, "
        "issued_at, received_at, skew_seconds, seed_secret, standard_secret, remote, head, body) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (user_hash, key_hash) DO NOTHING");
    insert.bind(event.event.user_id).bind(event.event.idempotency_key).bind(hashes.user).bind(hashes.key);
    insert.bind(event.event.type).bind(event.event.session_id).bind(event.event.event_id);
    insert.bind(event.event.issued_at);
    insert.bind(event.received_at.time_since_epoch().count()).bind(event.how.skew.count());
    for (const auto& number : {event.how.seed_secret, event.how.standard_secret})
        number ? insert.bind(static_cast<std::int64_t>(*number)) : insert.bind_null();
    insert.bind(event.remote).bind_blob(event.head).bind_blob(event.body).execute();
    return db.changes() == 1;
}

// False when what these hashes find is another event.
bool count_duplicate(storage::connection& db, const incoming& event, const event_hashes& hashes)
{
    auto update =
        db.prepare("UPDATE events SET duplicates = duplicates + 1, conflicts = conflicts + (body <> ?) "
                   "WHERE user_hash = ? AND key_hash = ? AND user_id = ? AND idempotency_key = ?");
    update.bind_blob(event.body).bind(hashes.user).bind(hashes.key);
    update.bind(event.event.user_id).bind(event.event.idempotency_key).execute();
    return db.changes() == 1;
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

event_summary find_summary(storage::connection& db, event_id id)
{
    auto row =
        db.prepare("SELECT id, type, session_id, user_id, event_id, issued_at, idempotency_key, received_at, "
                   "duplicates, conflicts, seed_secret, standard_secret, skew_seconds "
                   "FROM events WHERE id = ?");
    row.bind(id).step();
    return read_summary(row);
}

// Newest first. The index gives a user's ids, so that only those of the page are looked up in the table,
// where the events of another user under the same hash are seen.
std::vector<event_summary> find_summaries(storage::connection& db, const event_filter& filter,
                                          std::size_t limit, hash_function hash)
{
    auto ids = filter.user_id ? db.prepare("SELECT id FROM events INDEXED BY events_once "
                                           "WHERE id < ? AND user_hash = ? ORDER BY id DESC")
                              : db.prepare("SELECT id FROM events WHERE id < ? ORDER BY id DESC");
    ids.bind(filter.before.value_or(std::numeric_limits<event_id>::max()));
    if (filter.user_id)
        ids.bind(hash({*filter.user_id}));
    std::vector<event_summary> found;
    while (found.size() < limit && ids.step()) {
        auto summary = find_summary(db, ids.integer(0));
        if (!filter.user_id || summary.event.user_id == *filter.user_id)
            found.push_back(std::move(summary));
    }
    return found;
}

} // namespace

acceptance accept(storage::connection& db, const incoming& event, hash_function hash)
{
    const bool dropped = runtime::planted(runtime::defect::dedupe_key_dropped);
    for (unsigned shift = dropped ? static_cast<unsigned>(db.last_insert_id()) : 0;; ++shift) {
        const auto hashes = hashes_of(event.event.user_id, event.event.idempotency_key, shift, hash);
        if (insert_event(db, event, hashes))
            return acceptance::accepted;
        if (count_duplicate(db, event, hashes))
            return acceptance::duplicate;
    }
}

std::vector<webhook::event> inbox(storage::connection& db, const std::string& user_id, hash_function hash)
{
    event_filter filter;
    filter.user_id = user_id;
    auto newest = find_summaries(db, filter, inbox_events_max, hash);
    std::vector<webhook::event> events;
    events.reserve(newest.size());
    for (auto one = newest.rbegin(); one != newest.rend(); ++one)
        events.push_back(std::move(one->event));
    return events;
}

event_page events(storage::connection& db, const event_filter& filter, hash_function hash)
{
    event_page page;
    // One more tells whether there is a next page.
    page.items = find_summaries(db, filter, filter.limit + 1, hash);
    if (page.items.size() > filter.limit) {
        page.items.pop_back();
        page.next = page.items.back().id;
    }
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
