#pragma once

#include "common/storage/connection.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace storage {

// One step of the schema. Steps are applied in order, each in one transaction; the number of those applied
// is the file's `user_version`.
struct migration
{
    std::string_view sql;
    void (*then)(connection& db) = nullptr; // what SQL alone cannot do, in the same transaction
};

// Whose database a file is: SQLite's `application_id`. Not 0.
using application_id = std::int32_t;

// Throws std::runtime_error with a sentence for the operator when `db` is another program's or has more steps
// than `steps`. Changes nothing.
void require_own(connection& db, application_id owner, std::span<const migration> steps);

// Applies the steps that the file at `path`, open as `db`, does not have yet. Before it changes a file that
// holds tables it leaves a copy, synced, as `<path>.before-v<number of steps>`. Throws std::runtime_error
// as require_own() does, and when a step or the copy fails; the file then has the steps before the failed
// one.
void migrate(connection& db, const std::string& path, application_id owner, std::span<const migration> steps);

} // namespace storage
