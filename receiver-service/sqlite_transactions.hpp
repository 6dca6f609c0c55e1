#pragma once

#include "common/outbox/sqlite_retention.hpp"
#include "common/storage/connection.hpp"
#include "common/storage/migrate.hpp"
#include "receiver-service/sqlite_hash.hpp"
#include "receiver-service/store.hpp"

// The store's transactions as plain functions on a connection: all of the receiver's SQL is behind them.
namespace receiver::sqlite {

std::span<const storage::migration> migrations();

// With an empty `forward_url` nothing is forwarded. With another hash than hash_of() in tests only: the same
// in every call on a database.
receipt accept(storage::connection& db, const incoming& event, const std::string& forward_url = {},
               hash_function hash = hash_of);
std::vector<webhook::event> inbox(storage::connection& db, const std::string& user_id,
                                  hash_function hash = hash_of);
event_page events(storage::connection& db, const event_filter& filter, hash_function hash = hash_of);
std::optional<event_detail> find_event(storage::connection& db, event_id id);

std::vector<outbox::origin_work> find_work(storage::connection& db, outbox::origin_id after);
outbox::claimed claim(storage::connection& db, const outbox::claim_request& wanted,
                      const std::string& forward_url, instant now);
outbox::recorded record(storage::connection& db, const outbox::conclusion& what);
bool reprocess(storage::connection& db, event_id id, instant now);
std::size_t count_accepted(storage::connection& db);

// How what is to be forwarded expires. Looks at no more than what is due: nothing is planned past its age.
outbox::sqlite::expiry expiry();
// Those that were received, or whose forwarding ended, before `before`. Never one that is to be forwarded or
// that another one made way for, nor the newest of all, so that no id is given twice.
outbox::walk_turn prune(storage::connection& db, instant before, const outbox::walk_position& from,
                        std::size_t limit);

} // namespace receiver::sqlite
