#pragma once

#include "common/storage/database.hpp"
#include "receiver-service/store.hpp"

#include <memory>
#include <span>
#include <string>

namespace receiver {

// What marks a database file as the receiver's.
inline constexpr storage::application_id sqlite_owner = 0x57527231;

// The schema's steps, for the database that open_sqlite_store() is given.
std::span<const storage::migration> sqlite_migrations();

// The store on an SQLite database opened with sqlite_migrations(), which must outlive it. What it accepts is
// to be forwarded to `forward_url`; with an empty one nothing is.
std::unique_ptr<store> open_sqlite_store(storage::database& database, std::string forward_url = {});

} // namespace receiver
