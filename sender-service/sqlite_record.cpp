#include "common/outbox/sqlite_attempts.hpp"
#include "sender-service/sqlite_transactions.hpp"

namespace sender::sqlite {

using outbox::conclusion;
using outbox::dead;
using outbox::dead_reason;
using outbox::delivered;
using outbox::later;

namespace {

constexpr auto pending = static_cast<std::int64_t>(session_state::pending);

void store_delivered(storage::connection& db, const conclusion& what, std::int64_t attempts)
{
    auto update = db.prepare("UPDATE sessions SET state = 3, attempts = max(attempts, ?), due_at = NULL, "
                             "finished_at = ?, reason = NULL WHERE id = ?");
    update.bind(attempts).bind(to_stored(what.at)).bind(what.id).execute();
}

void store_dead(storage::connection& db, const conclusion& what, std::int64_t attempts, dead_reason reason)
{
    auto update = db.prepare("UPDATE sessions SET state = 4, attempts = max(attempts, ?), due_at = NULL, "
                             "finished_at = ?, reason = ? WHERE id = ?");
    update.bind(attempts).bind(to_stored(what.at)).bind(to_string(reason)).bind(what.id).execute();
}

later store_later(storage::connection& db, delivery_id id, std::int64_t attempts, instant due_at)
{
    auto update = db.prepare("UPDATE sessions SET attempts = max(attempts, ?), due_at = ? WHERE id = ?");
    update.bind(attempts).bind(to_stored(due_at)).bind(id).execute();
    return {due_at};
}

void store_attempt_count(storage::connection& db, delivery_id id, std::int64_t attempts)
{
    auto update = db.prepare("UPDATE sessions SET attempts = max(attempts, ?) WHERE id = ?");
    update.bind(attempts).bind(id).execute();
}

struct current_delivery
{
    bool pending = false;
    std::int64_t registration = 0;
    instant since;
    origin_id origin = 0;
};

std::optional<current_delivery> find_current(storage::connection& db, delivery_id id)
{
    auto row =
        db.prepare("SELECT s.state, u.registration, coalesce(s.redelivered_at, s.became_ready_at), s.origin "
                   "FROM sessions s JOIN users u ON u.id = s.user WHERE s.id = ?");
    if (!row.bind(id).step())
        return std::nullopt;
    return current_delivery{.pending = row.integer(0) == pending,
                            .registration = row.integer(1),
                            .since = from_stored(row.integer(2)),
                            .origin = row.integer(3)};
}

// True when the callback that failed is no longer the one to call: another URL deserves its own attempt. What
// has used up its attempts or its time is dead at any URL, unless a new series was asked for meanwhile.
bool overtaken(const conclusion& what, const current_delivery& now)
{
    const auto* final_verdict = std::get_if<dead>(&what.what);
    const bool used_up =
        final_verdict != nullptr && (final_verdict->reason == dead_reason::attempts_exhausted ||
                                     final_verdict->reason == dead_reason::expired);
    return used_up ? now.since != what.since : now.registration != what.registration;
}

void keep_attempt(storage::connection& db, const conclusion& what)
{
    if (what.made)
        outbox::sqlite::insert_attempt(db, what.id, *what.made);
}

outbox::recorded record_failure(storage::connection& db, const conclusion& what, std::int64_t attempts)
{
    const auto now = find_current(db, what.id);
    if (!now)
        return {}; // it was deleted meanwhile
    keep_attempt(db, what);
    if (!now->pending) {
        store_attempt_count(db, what.id, attempts);
        return {};
    }
    if (overtaken(what, *now))
        return {store_later(db, what.id, attempts, what.at), now->origin};
    if (const auto* retry = std::get_if<later>(&what.what))
        return {store_later(db, what.id, attempts, retry->at), now->origin};
    const auto reason = std::get<dead>(what.what).reason;
    store_dead(db, what, attempts, reason);
    if (reason == dead_reason::gone)
        unregister_user(db, what.user_id, what.at);
    return {what.what, now->origin};
}

} // namespace

outbox::recorded record(storage::connection& db, const conclusion& what)
{
    const std::int64_t attempts = what.made ? what.made->number : 0;
    if (!std::holds_alternative<delivered>(what.what))
        return record_failure(db, what, attempts);
    store_delivered(db, what, attempts);
    if (db.changes() == 0)
        return {}; // it was deleted meanwhile
    keep_attempt(db, what);
    return {what.what, 0};
}

} // namespace sender::sqlite
