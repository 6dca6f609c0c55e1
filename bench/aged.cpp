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
#include <functional>

namespace bench {

namespace {

constexpr std::size_t rows_in_commit = 5'000;
constexpr std::size_t first_user = 1'000'000'000; // beyond the generator's

std::string session_of(std::size_t index)
{
    return "wr_" + user_id(first_user + index).substr(5) + "-aged";
}

// Calls `fill(first, end)` for one transaction after the other. They need not be durable, the file must be.
void fill_in_turns(storage::connection& db, std::size_t count,
                   const std::function<void(std::size_t, std::size_t)>& fill)
{
    db.run_script("PRAGMA synchronous = OFF; PRAGMA cache_size = -262144;");
    for (std::size_t first = 0; first < count; first += rows_in_commit) {
        db.run_script("BEGIN IMMEDIATE");
        fill(first, std::min(count, first + rows_in_commit));
        db.run_script("COMMIT");
        sqlite3_wal_checkpoint_v2(db.handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    }
    db.run_script("PRAGMA synchronous = FULL;");
    sqlite3_wal_checkpoint_v2(db.handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
}

receiver::incoming aged_event(std::size_t index, webhook::instant now)
{
    receiver::incoming event;
    event.event = webhook::make_ready_event(user_id(first_user + index), session_of(index), now);
    event.how.seed_secret = 1;
    event.how.standard_secret = 1;
    event.received_at = now;
    event.remote = "127.0.0.1:40000";
    event.body = webhook::to_json(event.event);
    const auto posts = signed_posts(1, 8'081);
    event.head = posts.front().substr(0, posts.front().find("\r\n\r\n") + 4);
    return event;
}

} // namespace

void age_receiver(const std::filesystem::path& database, std::size_t count)
{
    const auto db =
        storage::open_for_writing(database.string(), receiver::sqlite_owner, receiver::sqlite_migrations());
    const auto now = runtime::system_clock{}.now();
    auto event = aged_event(0, now);
    fill_in_turns(*db, count, [&](std::size_t first, std::size_t end) {
        for (auto i = first; i < end; ++i) {
            event.event = webhook::make_ready_event(user_id(first_user + i), session_of(i), now);
            event.body = webhook::to_json(event.event);
            receiver::sqlite::accept(*db, event);
        }
    });
}

void age_sender(const std::filesystem::path& database, std::size_t count)
{
    const auto db =
        storage::open_for_writing(database.string(), sender::sqlite_owner, sender::sqlite_migrations());
    const auto now = runtime::system_clock{}.now();
    const std::string origin = "http://127.0.0.1:8081";
    const auto url = origin + "/user-app/webhooks/waiting-room";
    fill_in_turns(*db, count, [&](std::size_t first, std::size_t end) {
        for (auto i = first; i < end; ++i) {
            const auto user = user_id(first_user + i);
            sender::sqlite::register_user(*db, user, url, origin, now);
            sender::sqlite::start(*db, user, session_of(i), {now, now, now});
        }
        for (const auto& due : sender::sqlite::promote_due(*db, now, end - first).made) {
            outbox::conclusion done;
            done.id = due.id;
            done.user_id = due.user_id;
            done.registration = due.registration;
            done.at = now;
            done.made = sender::attempt{.number = 1,
                                        .started_at = now,
                                        .duration = std::chrono::milliseconds{1},
                                        .callback_url = due.callback_url,
                                        .result = "answered",
                                        .status = 200,
                                        .error = {},
                                        .response = R"({"result":"accepted"})"};
            sender::sqlite::record(*db, done);
        }
    });
}

} // namespace bench
