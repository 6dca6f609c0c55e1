#pragma once

#include "common/outbox/delivery.hpp"
#include "common/storage/connection.hpp"

#include <string_view>
#include <vector>

// The table in which both services keep the attempts of their deliveries.
namespace outbox::sqlite {

// What a step of a schema makes the table with. Never changed: a file has it as it was made.
inline constexpr std::string_view attempts_table = R"sql(
CREATE TABLE attempts (
    id           INTEGER PRIMARY KEY, -- delivery * 1024 + number % 1024, so that it needs no index
    started_at   INTEGER NOT NULL,
    duration_ms  INTEGER NOT NULL,
    callback_url TEXT NOT NULL,
    result       TEXT NOT NULL,
    status       INTEGER,
    error        TEXT,
    response     BLOB
);
)sql";

// Keeps an attempt. The newest 1,024 of a delivery take the places of the oldest.
void insert_attempt(storage::connection& db, delivery_id id, const attempt& made);

// The attempts of a delivery, oldest first. `made` is how many there were in all.
std::vector<attempt> read_attempts(storage::connection& db, delivery_id id, unsigned made);

// Forgets the attempts of a delivery.
void delete_attempts(storage::connection& db, delivery_id id);

} // namespace outbox::sqlite
