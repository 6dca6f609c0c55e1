#include "common/runtime/planted_defect.hpp"
#include "common/webhook/event.hpp"
#include "sender-service/sqlite_transactions.hpp"

namespace sender::sqlite {

namespace {

constexpr auto running = static_cast<std::int64_t>(session_state::running);

std::int64_t origin_row(storage::connection& db, const std::string& origin)
{
    if (const auto found = find_origin(db, origin))
        return *found;
    auto insert = db.prepare("INSERT INTO origins (origin) VALUES (?)");
    insert.bind(origin).execute();
    return db.last_insert_id();
}

struct promotable
{
    std::int64_t session = 0;
    std::string session_id;
    std::string user_id;
    std::optional<std::string> callback_url;
    std::optional<std::int64_t> origin;
    std::int64_t registration = 0;
};

std::vector<promotable> find_promotable(storage::connection& db, instant now, std::size_t limit)
{
    std::vector<promotable> users;
    auto rows = db.prepare("SELECT s.id, s.session_id, u.user_id, u.callback_url, u.origin, u.registration "
                           "FROM sessions s INDEXED BY sessions_running JOIN users u ON u.id = s.user "
                           "WHERE s.state = 0 AND s.ready_at <= ? ORDER BY s.ready_at LIMIT ?");
    rows.bind(to_stored(now)).bind(static_cast<std::int64_t>(limit));
    while (rows.step())
        users.push_back({.session = rows.integer(0),
                         .session_id = rows.text(1),
                         .user_id = rows.text(2),
                         .callback_url = rows.optional_text(3),
                         .origin = rows.optional_integer(4),
                         .registration = rows.integer(5)});
    return users;
}

void store_ready_unnotified(storage::connection& db, std::int64_t session, instant now)
{
    auto update = db.prepare("UPDATE sessions SET state = 1, became_ready_at = ? WHERE id = ?");
    update.bind(to_stored(now)).bind(session).execute();
}

delivery store_ready_with_delivery(storage::connection& db, promotable user, instant now)
{
    const auto event = webhook::make_ready_event(user.user_id, user.session_id, now);
    auto body = webhook::to_json(event);
    auto update = db.prepare("UPDATE sessions SET state = 2, became_ready_at = ?1, due_at = ?1, origin = ?2, "
                             "body = ?3 WHERE id = ?4");
    update.bind(to_stored(now)).bind_optional(user.origin).bind_blob(body).bind(user.session).execute();
    if (runtime::planted(runtime::defect::ready_without_delivery))
        store_ready_unnotified(db, user.session, now);
    return {.id = user.session,
            .origin = user.origin.value_or(0),
            .user_id = std::move(user.user_id),
            .idempotency_key = event.idempotency_key,
            .body = std::move(body),
            .callback_url = std::move(*user.callback_url),
            .registration = user.registration,
            .attempts_made = 0,
            .attempts_before = 0,
            .since = now};
}

} // namespace

std::optional<origin_id> register_user(storage::connection& db, const std::string& user_id,
                                       const std::string& callback_url, const std::string& origin,
                                       instant now)
{
    const auto at = origin_row(db, origin);
    auto upsert =
        db.prepare("INSERT INTO users (user_id, callback_url, origin, registration) VALUES (?, ?, ?, 1) "
                   "ON CONFLICT (user_id) DO UPDATE SET callback_url = excluded.callback_url, "
                   "origin = excluded.origin, registration = registration + 1");
    upsert.bind(user_id).bind(callback_url).bind(at).execute();
    auto due = db.prepare("UPDATE sessions INDEXED BY deliveries_of_user SET due_at = ?, origin = ? "
                          "WHERE state = 2 AND user = (SELECT id FROM users WHERE user_id = ?)");
    due.bind(to_stored(now)).bind(at).bind(user_id).execute();
    return db.changes() > 0 ? std::optional{at} : std::nullopt;
}

void unregister_user(storage::connection& db, const std::string& user_id, instant now)
{
    auto dead = db.prepare("UPDATE sessions INDEXED BY deliveries_of_user "
                           "SET state = 4, due_at = NULL, finished_at = ?, reason = ? "
                           "WHERE state = 2 AND user = (SELECT id FROM users WHERE user_id = ?)");
    dead.bind(to_stored(now)).bind(to_string(outbox::dead_reason::unregistered)).bind(user_id).execute();
    auto forget = db.prepare("DELETE FROM users WHERE user_id = ? AND session IS NULL");
    forget.bind(user_id).execute();
    auto clear =
        db.prepare("UPDATE users SET callback_url = NULL, origin = NULL, registration = registration + 1 "
                   "WHERE user_id = ? AND callback_url IS NOT NULL");
    clear.bind(user_id).execute();
}

started_session start(storage::connection& db, const std::string& user_id, const std::string& session_id,
                      const room_schedule& schedule)
{
    std::optional<std::int64_t> user;
    std::optional<std::int64_t> previous;
    {
        auto row = db.prepare(
            "SELECT u.id, u.session, s.state, s.session_id, s.started_at, s.waiting_at, s.ready_at "
            "FROM users u LEFT JOIN sessions s ON s.id = u.session WHERE u.user_id = ?");
        if (row.bind(user_id).step()) {
            user = row.integer(0);
            previous = row.optional_integer(1);
            if (row.optional_integer(2) == running)
                return {.session_id = row.text(3),
                        .schedule = {from_stored(row.integer(4)), from_stored(row.integer(5)),
                                     from_stored(row.integer(6))},
                        .began = false};
        }
    }
    if (!user) {
        auto insert = db.prepare("INSERT INTO users (user_id) VALUES (?)");
        insert.bind(user_id).execute();
        user = db.last_insert_id();
    }
    auto insert =
        db.prepare("INSERT INTO sessions (user, previous, session_id, started_at, waiting_at, ready_at) "
                   "VALUES (?, ?, ?, ?, ?, ?)");
    insert.bind(*user).bind_optional(previous).bind(session_id).bind(to_stored(schedule.started_at));
    insert.bind(to_stored(schedule.waiting_at)).bind(to_stored(schedule.ready_at)).execute();
    const auto session = db.last_insert_id();
    auto update = db.prepare("UPDATE users SET session = ? WHERE id = ?");
    update.bind(session).bind(*user).execute();
    return {.session_id = session_id, .schedule = schedule, .began = true};
}

std::optional<user_status> status(storage::connection& db, const std::string& user_id)
{
    user_status found;
    std::optional<std::int64_t> session;
    {
        auto row = db.prepare(
            "SELECT u.callback_url, u.session, s.session_id, s.started_at, s.waiting_at, s.ready_at, "
            "s.became_ready_at "
            "FROM users u LEFT JOIN sessions s ON s.id = u.session WHERE u.user_id = ?");
        if (!row.bind(user_id).step())
            return std::nullopt;
        found.registered = !row.is_null(0);
        session = row.optional_integer(1);
        if (session) {
            found.session_id = row.text(2);
            found.schedule = {from_stored(row.integer(3)), from_stored(row.integer(4)),
                              from_stored(row.integer(5))};
            found.became_ready_at = from_stored(row.optional_integer(6));
        }
    }
    if (session)
        found.notification = find_summary(db, *session);
    return found;
}

promotion promote_due(storage::connection& db, instant now, std::size_t limit)
{
    promotion turn;
    for (auto& user : find_promotable(db, now, limit)) {
        ++turn.users;
        if (user.callback_url)
            turn.made.push_back(store_ready_with_delivery(db, std::move(user), now));
        else
            store_ready_unnotified(db, user.session, now);
    }
    auto next = db.prepare("SELECT min(ready_at) FROM sessions INDEXED BY sessions_running WHERE state = 0");
    next.step();
    turn.next_ready_at = from_stored(next.optional_integer(0));
    return turn;
}

} // namespace sender::sqlite
