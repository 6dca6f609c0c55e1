#include "common/outbox/sqlite_attempts.hpp"
#include "receiver-service/sqlite_transactions.hpp"

#include <array>

namespace receiver::sqlite {

namespace {

constexpr std::string_view first_schema = R"sql(
CREATE TABLE events (
    id              INTEGER PRIMARY KEY,
    user_id         TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
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
CREATE UNIQUE INDEX events_once ON events (user_id, idempotency_key);
)sql";

// Since then an event is found by 16 bytes of hashes instead of 70 of texts: three times as many entries fit
// a page of the one index in random order, and so many more of its pages are in memory, and are written only
// once between two checkpoints. The table itself grows at its end.
constexpr std::string_view add_hashes = R"sql(
DROP INDEX events_once;
ALTER TABLE events ADD COLUMN user_hash INTEGER NOT NULL DEFAULT 0; -- of user_id
ALTER TABLE events ADD COLUMN key_hash  INTEGER NOT NULL DEFAULT 0; -- of user_id and idempotency_key
)sql";

void fill_hashes(storage::connection& db)
{
    {
        auto rows = db.prepare("SELECT id, user_id, idempotency_key FROM events ORDER BY id");
        while (rows.step()) {
            const auto hashes = hashes_of(rows.text(1), rows.text(2), 0, hash_of);
            auto update = db.prepare("UPDATE events SET user_hash = ?, key_hash = ? WHERE id = ?");
            update.bind(hashes.user).bind(hashes.key).bind(rows.integer(0)).execute();
        }
    }
    db.run_script("CREATE UNIQUE INDEX events_once ON events (user_hash, key_hash)");
}

// Since then an event can be forwarded, and be deleted. Both indexes stay small, and are empty where nothing
// is forwarded. No event of before has had to make way: that takes two that share 128 bits of hashes.
constexpr std::string_view add_forwarding = R"sql(
ALTER TABLE events ADD COLUMN state           INTEGER NOT NULL DEFAULT 1; -- event_status: 1 is processed
ALTER TABLE events ADD COLUMN attempts        INTEGER NOT NULL DEFAULT 0;
ALTER TABLE events ADD COLUMN attempts_before INTEGER NOT NULL DEFAULT 0; -- it was last asked for again
ALTER TABLE events ADD COLUMN crowded         INTEGER NOT NULL DEFAULT 0; -- 1: another one is found past it
ALTER TABLE events ADD COLUMN since           INTEGER;                    -- its age as a delivery counts from
ALTER TABLE events ADD COLUMN due_at          INTEGER;                    -- while it is accepted
ALTER TABLE events ADD COLUMN finished_at     INTEGER;
ALTER TABLE events ADD COLUMN reason          TEXT;
CREATE INDEX events_to_forward ON events (due_at) WHERE state = 0;
CREATE INDEX events_dead       ON events (id)     WHERE state = 2;
)sql";

void add_attempts(storage::connection& db)
{
    db.run_script(std::string(outbox::sqlite::attempts_table));
}

constexpr std::array all_migrations{storage::migration{first_schema},
                                    storage::migration{add_hashes, fill_hashes},
                                    storage::migration{add_forwarding, add_attempts}};

} // namespace

std::span<const storage::migration> migrations()
{
    return all_migrations;
}

} // namespace receiver::sqlite
