#include "common/outbox/sqlite_attempts.hpp"
#include "common/storage/stored_time.hpp"
#include "receiver-service/sqlite_transactions.hpp"

#include <limits>

namespace receiver::sqlite {

namespace {

// In all of them: ?1 the cursor, and what they find is newest first.

constexpr std::string_view newest_of_all = "SELECT id FROM events WHERE id < ?1 ORDER BY id DESC";

// What is accepted or dead has an index of its own, so that a few among many are found without the many.
constexpr std::string_view newest_accepted =
    "SELECT id FROM events INDEXED BY events_to_forward WHERE id < ?1 AND state = 0 ORDER BY id DESC";
constexpr std::string_view newest_dead =
    "SELECT id FROM events INDEXED BY events_dead WHERE id < ?1 AND state = 2 ORDER BY id DESC";

// Of one user (?2). The index gives the ids, so that only those of the page are looked up in the table, where
// the events of another user under the same hash are seen.
constexpr std::string_view newest_of_user =
    "SELECT id FROM events INDEXED BY events_once WHERE id < ?1 AND user_hash = ?2 ORDER BY id DESC";

std::string_view statement_for(const event_filter& filter)
{
    if (filter.user_id)
        return newest_of_user;
    if (filter.status == event_status::accepted)
        return newest_accepted;
    return filter.status == event_status::dead ? newest_dead : newest_of_all;
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

// From the columns: id, the six members, received_at, duplicates, conflicts, both secrets, skew_seconds,
// state, attempts, due_at, finished_at, reason.
event_summary read_summary(const storage::statement& row)
{
    return {.id = row.integer(0),
            .event = read_event(row, 1),
            .received_at = storage::from_stored(row.integer(7)),
            .duplicates = row.integer(8),
            .conflicts = row.integer(9),
            .seed_secret = row.optional_integer(10),
            .standard_secret = row.optional_integer(11),
            .skew = std::chrono::seconds{row.integer(12)},
            .status = static_cast<event_status>(row.integer(13)),
            .attempts = static_cast<unsigned>(row.integer(14)),
            .next_attempt_at = storage::from_stored(row.optional_integer(15)),
            .finished_at = storage::from_stored(row.optional_integer(16)),
            .reason = row.optional_text(17)};
}

event_summary find_summary(storage::connection& db, event_id id)
{
    auto row =
        db.prepare("SELECT id, type, session_id, user_id, event_id, issued_at, idempotency_key, received_at, "
                   "duplicates, conflicts, seed_secret, standard_secret, skew_seconds, state, attempts, "
                   "due_at, finished_at, reason FROM events WHERE id = ?");
    row.bind(id).step();
    return read_summary(row);
}

bool matches(const event_filter& filter, const event_summary& found)
{
    return (!filter.user_id || found.event.user_id == *filter.user_id) &&
           (!filter.status || found.status == *filter.status);
}

std::vector<event_summary> find_summaries(storage::connection& db, const event_filter& filter,
                                          std::size_t limit, hash_function hash)
{
    auto ids = db.prepare(statement_for(filter));
    ids.bind(filter.before.value_or(std::numeric_limits<event_id>::max()));
    if (filter.user_id)
        ids.bind(hash({*filter.user_id}));
    std::vector<event_summary> found;
    while (found.size() < limit && ids.step()) {
        auto summary = find_summary(db, ids.integer(0));
        if (matches(filter, summary))
            found.push_back(std::move(summary));
    }
    return found;
}

} // namespace

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
                   "duplicates, conflicts, seed_secret, standard_secret, skew_seconds, state, attempts, "
                   "due_at, finished_at, reason, remote, head, body FROM events WHERE id = ?");
    if (!row.bind(id).step())
        return std::nullopt;
    auto summary = read_summary(row);
    const auto made = summary.attempts;
    return event_detail{.summary = std::move(summary),
                        .remote = row.text(18),
                        .head = row.text(19),
                        .body = row.text(20),
                        .attempts = outbox::sqlite::read_attempts(db, id, made)};
}

} // namespace receiver::sqlite
