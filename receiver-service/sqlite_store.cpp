#include "receiver-service/sqlite_store.hpp"

#include "receiver-service/sqlite_transactions.hpp"

#include <array>

namespace receiver {

namespace asio = boost::asio;

namespace {

// One index in random order, of what makes an event unique, which also finds a user's events; the table
// itself grows at its end. It holds 16 bytes of hashes instead of 70 of texts: three times as many entries
// fit a page, and so many more of its pages are in memory, and are written only once between two checkpoints.
constexpr std::string_view first_schema = R"sql(
CREATE TABLE events (
    id              INTEGER PRIMARY KEY,
    user_id         TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    user_hash       INTEGER NOT NULL,        -- of user_id
    key_hash        INTEGER NOT NULL,        -- of user_id and idempotency_key
    type            TEXT NOT NULL,
    session_id      TEXT NOT NULL,
    event_id        TEXT NOT NULL,
    issued_at       TEXT NOT NULL,
    received_at     INTEGER NOT NULL,
    skew_seconds    INTEGER NOT NULL,
    seed_secret     INTEGER,
    standard_secret INTEGER,
    remote          TEXT NOT NULL,
    duplicates      INTEGER NOT NULL DEFAULT 0,
    conflicts       INTEGER NOT NULL DEFAULT 0,
    head            BLOB NOT NULL,
    body            BLOB NOT NULL
);
CREATE UNIQUE INDEX events_once ON events (user_hash, key_hash);
)sql";

constexpr std::array all_migrations{storage::migration{first_schema}};

class sqlite_store final : public store
{
public:
    explicit sqlite_store(storage::database& database) : database_(database) {}

    asio::awaitable<acceptance> accept(incoming event) override
    {
        const auto work = [&](storage::connection& db) { return sqlite::accept(db, event); };
        co_return co_await database_.write(work);
    }

    asio::awaitable<std::vector<webhook::event>> inbox(std::string user_id) override
    {
        const auto work = [&](storage::connection& db) { return sqlite::inbox(db, user_id); };
        co_return co_await database_.read(work);
    }

    asio::awaitable<event_page> events(event_filter filter) override
    {
        const auto work = [&](storage::connection& db) { return sqlite::events(db, filter); };
        co_return co_await database_.read(work);
    }

    asio::awaitable<std::optional<event_detail>> find_event(event_id id) override
    {
        const auto work = [&](storage::connection& db) { return sqlite::find_event(db, id); };
        co_return co_await database_.read(work);
    }

private:
    storage::database& database_;
};

} // namespace

std::span<const storage::migration> sqlite_migrations()
{
    return all_migrations;
}

std::unique_ptr<store> open_sqlite_store(storage::database& database)
{
    return std::make_unique<sqlite_store>(database);
}

} // namespace receiver
