#include "sender-service/sqlite_transactions.hpp"

#include <array>

namespace sender::sqlite {

namespace {

// Only users.user_id is in random order; everything else is appended in the order of arrival, and the indexes
// over what is pending are partial and stay small. A user's sessions are found newest first through
// users.session and sessions.previous, which costs no index.
constexpr std::string_view first_schema = R"sql(
CREATE TABLE origins (
    id     INTEGER PRIMARY KEY,
    origin TEXT NOT NULL UNIQUE
);

CREATE TABLE users (
    id           INTEGER PRIMARY KEY,
    user_id      TEXT NOT NULL UNIQUE,
    callback_url TEXT,                       -- NULL: not registered
    origin       INTEGER,                    -- of callback_url
    registration INTEGER NOT NULL DEFAULT 0, -- counts every registration and unregistration
    session      INTEGER                     -- the newest
);

CREATE TABLE sessions (
    id              INTEGER PRIMARY KEY,
    user            INTEGER NOT NULL,
    previous        INTEGER,                 -- the user's session before this one
    session_id      TEXT NOT NULL,
    started_at      INTEGER NOT NULL,
    waiting_at      INTEGER NOT NULL,
    ready_at        INTEGER NOT NULL,
    state           INTEGER NOT NULL DEFAULT 0,
    became_ready_at INTEGER,
    origin          INTEGER,                 -- what follows is the delivery's
    body            BLOB,
    attempts        INTEGER NOT NULL DEFAULT 0,
    due_at          INTEGER,
    finished_at     INTEGER,
    reason          TEXT
);
CREATE INDEX sessions_running   ON sessions (ready_at) WHERE state = 0;
CREATE INDEX deliveries_due     ON sessions (due_at)   WHERE state = 2;
CREATE INDEX deliveries_of_user ON sessions (user)     WHERE state = 2;
CREATE INDEX deliveries_dead    ON sessions (id)       WHERE state = 4;

CREATE TABLE attempts (
    id           INTEGER PRIMARY KEY,        -- delivery * 1024 + number % 1024: needs no index
    started_at   INTEGER NOT NULL,
    duration_ms  INTEGER NOT NULL,
    callback_url TEXT NOT NULL,
    result       TEXT NOT NULL,
    status       INTEGER,
    error        TEXT,
    response     BLOB
);
)sql";

// Since then what is due is found by origin, so that a backlog for one costs the others nothing; an origin
// can be paused, and a delivery asked for again.
constexpr std::string_view add_origins_work = R"sql(
DROP INDEX deliveries_due;
CREATE INDEX deliveries_due            ON sessions (origin, due_at)      WHERE state = 2;
CREATE INDEX deliveries_dead_since     ON sessions (finished_at)         WHERE state = 4;
CREATE INDEX deliveries_dead_of_origin ON sessions (origin, finished_at) WHERE state = 4;
ALTER TABLE sessions ADD COLUMN attempts_before INTEGER NOT NULL DEFAULT 0; -- it was last asked for again
ALTER TABLE sessions ADD COLUMN redelivered_at  INTEGER;                    -- when that was; its age counts from it
ALTER TABLE origins ADD COLUMN paused_at INTEGER;                           -- by an operator
CREATE INDEX origins_paused ON origins (id) WHERE paused_at IS NOT NULL;
)sql";

constexpr std::array all_migrations{storage::migration{first_schema}, storage::migration{add_origins_work}};

} // namespace

std::span<const storage::migration> migrations()
{
    return all_migrations;
}

} // namespace sender::sqlite
