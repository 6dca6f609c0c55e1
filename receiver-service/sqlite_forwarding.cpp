#include "common/outbox/sqlite_attempts.hpp"
#include "common/storage/stored_time.hpp"
#include "receiver-service/sqlite_transactions.hpp"

namespace receiver::sqlite {

namespace {

// The due_at of the n-th (from 0) of what is to be forwarded, the earliest first.
std::optional<instant> find_due_at(storage::connection& db, std::size_t n)
{
    auto row = db.prepare("SELECT due_at FROM events INDEXED BY events_to_forward WHERE state = 0 "
                          "ORDER BY due_at LIMIT 1 OFFSET ?");
    row.bind(static_cast<std::int64_t>(n));
    return row.step() ? std::optional{storage::from_stored(row.integer(0))} : std::nullopt;
}

std::optional<event_status> find_status(storage::connection& db, event_id id)
{
    auto row = db.prepare("SELECT state FROM events WHERE id = ?");
    return row.bind(id).step() ? std::optional{static_cast<event_status>(row.integer(0))} : std::nullopt;
}

void store_attempt_count(storage::connection& db, event_id id, std::int64_t attempts)
{
    auto update = db.prepare("UPDATE events SET attempts = max(attempts, ?) WHERE id = ?");
    update.bind(attempts).bind(id).execute();
}

void store_later(storage::connection& db, event_id id, std::int64_t attempts, instant due_at)
{
    auto update = db.prepare("UPDATE events SET attempts = max(attempts, ?), due_at = ? WHERE id = ?");
    update.bind(attempts).bind(storage::to_stored(due_at)).bind(id).execute();
}

void store_finished(storage::connection& db, const outbox::conclusion& what, std::int64_t attempts,
                    event_status as, const std::optional<std::string_view>& reason)
{
    auto update = db.prepare("UPDATE events SET state = ?, attempts = max(attempts, ?), due_at = NULL, "
                             "finished_at = ?, reason = ? WHERE id = ?");
    update.bind(static_cast<std::int64_t>(as)).bind(attempts).bind(storage::to_stored(what.at));
    update.bind_optional(reason).bind(what.id).execute();
}

} // namespace

std::vector<outbox::origin_work> find_work(storage::connection& db, outbox::origin_id after)
{
    if (after >= the_app)
        return {};
    const auto due_at = find_due_at(db, 0);
    return due_at ? std::vector{outbox::origin_work{the_app, *due_at}} : std::vector<outbox::origin_work>{};
}

outbox::claimed claim(storage::connection& db, const outbox::claim_request& wanted,
                      const std::string& forward_url, instant now)
{
    outbox::claimed found;
    found.origin = wanted.origin;
    {
        auto rows = db.prepare("SELECT id, user_id, idempotency_key, body, attempts, attempts_before, since "
                               "FROM events INDEXED BY events_to_forward WHERE state = 0 AND due_at <= ? "
                               "ORDER BY due_at LIMIT ?");
        rows.bind(storage::to_stored(now)).bind(static_cast<std::int64_t>(wanted.limit));
        while (rows.step())
            found.due.push_back({.id = rows.integer(0),
                                 .origin = wanted.origin,
                                 .user_id = rows.text(1),
                                 .idempotency_key = rows.text(2),
                                 .body = rows.text(3),
                                 .callback_url = forward_url,
                                 .registration = 0,
                                 .attempts_made = static_cast<unsigned>(rows.integer(4)),
                                 .attempts_before = static_cast<unsigned>(rows.integer(5)),
                                 .since = storage::from_stored(rows.integer(6))});
    }
    found.next_due_at = find_due_at(db, found.due.size());
    return found;
}

outbox::recorded record(storage::connection& db, const outbox::conclusion& what)
{
    const auto status = find_status(db, what.id);
    if (!status)
        return {};
    const std::int64_t attempts = what.made ? what.made->number : 0;
    if (what.made)
        outbox::sqlite::insert_attempt(db, what.id, *what.made);
    if (std::holds_alternative<outbox::delivered>(what.what)) {
        store_finished(db, what, attempts, event_status::processed, std::nullopt);
    }
    else if (*status != event_status::accepted) {
        store_attempt_count(db, what.id, attempts);
        return {};
    }
    else if (const auto* retry = std::get_if<outbox::later>(&what.what)) {
        store_later(db, what.id, attempts, retry->at);
    }
    else {
        store_finished(db, what, attempts, event_status::dead,
                       to_string(std::get<outbox::dead>(what.what).reason));
    }
    return {.in_force = what.what, .origin = the_app};
}

bool reprocess(storage::connection& db, event_id id, instant now)
{
    const auto status = find_status(db, id);
    if (!status)
        return false;
    if (*status == event_status::accepted) {
        auto update = db.prepare("UPDATE events SET due_at = min(due_at, ?) WHERE id = ?");
        update.bind(storage::to_stored(now)).bind(id).execute();
        return true;
    }
    auto update = db.prepare("UPDATE events SET state = 0, attempts_before = attempts, since = ?1, "
                             "due_at = ?1, finished_at = NULL, reason = NULL WHERE id = ?2");
    update.bind(storage::to_stored(now)).bind(id).execute();
    return true;
}

std::size_t count_accepted(storage::connection& db)
{
    auto row = db.prepare("SELECT count(*) FROM events INDEXED BY events_to_forward WHERE state = 0");
    row.step();
    return static_cast<std::size_t>(row.integer(0));
}

} // namespace receiver::sqlite
