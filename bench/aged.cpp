#include "bench/aged.hpp"

#include "bench/requests.hpp"
#include "common/runtime/clock.hpp"
#include "common/storage/open_file.hpp"
#include "common/webhook/event.hpp"
#include "receiver-service/sqlite_store.hpp"
#include "receiver-service/sqlite_transactions.hpp"
#include "sender-service/sqlite_store.hpp"
#include "sender-service/sqlite_transactions.hpp"

#include <algorithm>
#include <chrono>
#include <functional>

namespace bench {

namespace {

constexpr std::size_t rows_in_commit = 20'000;
constexpr std::size_t first_user = 1'000'000'000; // beyond the generator's

std::string session_of(std::size_t index)
{
    return "wr_" + past_user(index).substr(5) + "-aged";
}

// Calls `fill(from, to)` for one transaction after the other, for `count` users from `first` on. They need
// not be durable, the file must be.
void fill_in_turns(storage::connection& db, std::size_t first, std::size_t count,
                   const std::function<void(std::size_t, std::size_t)>& fill)
{
    db.run_script("PRAGMA synchronous = OFF; PRAGMA cache_size = -262144;");
    for (auto from = first; from < first + count; from += rows_in_commit) {
        db.run_script("BEGIN IMMEDIATE");
        fill(from, std::min(first + count, from + rows_in_commit));
        db.run_script("COMMIT");
        sqlite3_wal_checkpoint_v2(db.handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    }
    db.run_script("PRAGMA synchronous = FULL;");
    sqlite3_wal_checkpoint_v2(db.handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
}

receiver::incoming aged_event(std::size_t index, webhook::instant now)
{
    receiver::incoming event;
    event.event = webhook::make_ready_event(past_user(index), session_of(index), now);
    event.how.seed_secret = 1;
    event.how.standard_secret = 1;
    event.received_at = now;
    event.remote = "127.0.0.1:40000";
    event.body = webhook::to_json(event.event);
    const auto posts = signed_posts(1, 8'081);
    event.head = posts.front().substr(0, posts.front().find("\r\n\r\n") + 4);
    return event;
}

constexpr const char* living_origin = "http://127.0.0.1:8081";

constexpr std::chrono::hours failing_for{1};
constexpr unsigned failed_attempts = 12; // in that time, by the usual plan
constexpr double due_already = 0.5;      // of a backlog: what a breaker holds back comes due all the same

// Registers a user and starts a session of theirs that is READY at `ready_at`.
void enter(storage::connection& db, std::size_t index, const std::string& origin, webhook::instant started_at,
           webhook::instant ready_at)
{
    const auto user = past_user(index);
    sender::sqlite::register_user(db, user, callback_url(origin), origin, started_at);
    sender::sqlite::start(db, user, session_of(index), {started_at, started_at, ready_at});
}

outbox::conclusion concluded(const sender::delivery& due, webhook::instant at, const outbox::verdict& what,
                             const sender::attempt& made)
{
    outbox::conclusion done;
    done.id = due.id;
    done.user_id = due.user_id;
    done.registration = due.registration;
    done.what = what;
    done.at = at;
    done.made = made;
    done.made->started_at = at;
    done.made->callback_url = due.callback_url;
    return done;
}

void fill_delivered(storage::connection& db, std::size_t first, std::size_t end, webhook::instant now)
{
    sender::attempt answered;
    answered.number = 1;
    answered.duration = std::chrono::milliseconds{1};
    answered.result = "answered";
    answered.status = 200;
    answered.response = R"({"result":"accepted"})";
    for (auto i = first; i < end; ++i)
        enter(db, i, living_origin, now, now);
    for (const auto& due : sender::sqlite::promote_due(db, now, end - first).made)
        sender::sqlite::record(db, concluded(due, now, outbox::delivered{}, answered));
}

// When the next attempt at delivery `index` of a backlog of `count` is due. In no order, as after jitter.
webhook::instant due_again(std::size_t index, std::size_t count, webhook::instant now)
{
    constexpr std::size_t stride = 7'368'787; // a prime: it visits all
    const auto part = static_cast<double>(index * stride % count) / static_cast<double>(count);
    return now + std::chrono::duration_cast<std::chrono::milliseconds>((part - due_already) * failing_for);
}

void fill_backlog(storage::connection& db, std::size_t first, std::size_t end, webhook::instant now,
                  const sender_past& past)
{
    sender::attempt refused;
    refused.number = failed_attempts;
    refused.result = "connect";
    refused.error = "Connection refused";
    const auto ready_at = now - failing_for;
    for (auto i = first; i < end; ++i)
        enter(db, i, past.dead_origin, ready_at, ready_at);
    auto index = first;
    for (const auto& due : sender::sqlite::promote_due(db, ready_at, end - first).made) {
        const outbox::later next{due_again(index++ - past.delivered, past.backlog, now)};
        sender::sqlite::record(db, concluded(due, now, next, refused));
    }
}

} // namespace

std::string past_user(std::size_t index)
{
    return user_id(first_user + index);
}

void age_receiver(const std::filesystem::path& database, std::size_t count)
{
    const auto db =
        storage::open_for_writing(database.string(), receiver::sqlite_owner, receiver::sqlite_migrations());
    const auto now = runtime::system_clock{}.now();
    auto event = aged_event(0, now);
    fill_in_turns(*db, 0, count, [&](std::size_t first, std::size_t end) {
        for (auto i = first; i < end; ++i) {
            event.event = webhook::make_ready_event(past_user(i), session_of(i), now);
            event.body = webhook::to_json(event.event);
            receiver::sqlite::accept(*db, event);
        }
    });
}

void age_sender(const std::filesystem::path& database, const sender_past& past)
{
    const auto db =
        storage::open_for_writing(database.string(), sender::sqlite_owner, sender::sqlite_migrations());
    const auto now = runtime::system_clock{}.now();
    fill_in_turns(*db, 0, past.delivered,
                  [&](std::size_t first, std::size_t end) { fill_delivered(*db, first, end, now); });
    fill_in_turns(*db, past.delivered, past.backlog,
                  [&](std::size_t first, std::size_t end) { fill_backlog(*db, first, end, now, past); });
    fill_in_turns(*db, past.delivered + past.backlog, past.waiting, [&](std::size_t first, std::size_t end) {
        for (auto i = first; i < end; ++i)
            enter(*db, i, living_origin, now, now + std::chrono::hours{24});
    });
}

} // namespace bench
