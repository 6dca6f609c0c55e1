#pragma once

#include "common/storage/connection.hpp"
#include "common/storage/migrate.hpp"
#include "receiver-service/sqlite_hash.hpp"
#include "receiver-service/store.hpp"

// The store's transactions as plain functions on a connection: all of the receiver's SQL is behind them.
namespace receiver::sqlite {

std::span<const storage::migration> migrations();

// With another hash than hash_of() in tests only: the same in every call on a database.
acceptance accept(storage::connection& db, const incoming& event, hash_function hash = hash_of);
std::vector<webhook::event> inbox(storage::connection& db, const std::string& user_id,
                                  hash_function hash = hash_of);
event_page events(storage::connection& db, const event_filter& filter, hash_function hash = hash_of);
std::optional<event_detail> find_event(storage::connection& db, event_id id);

} // namespace receiver::sqlite
