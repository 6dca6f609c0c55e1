#pragma once

#include "common/outbox/sqlite_retention.hpp"
#include "common/storage/connection.hpp"
#include "common/storage/database.hpp"
#include "common/storage/stored_time.hpp"
#include "sender-service/store.hpp"

#include <span>

// The store's transactions as plain functions on a connection: all of the sender's SQL is behind them.
namespace sender::sqlite {

std::span<const storage::migration> migrations();

// What `sessions.state` holds. A session's row becomes its delivery's when READY is stored.
enum class session_state : std::int64_t {
    running = 0,
    ready_unnotified = 1, // READY of a user who was not registered: nothing to deliver, then or later
    pending = 2,
    delivered = 3,
    dead = 4
};

std::optional<origin_id> register_user(storage::connection& db, const std::string& user_id,
                                       const std::string& callback_url, const std::string& origin,
                                       instant now);
void unregister_user(storage::connection& db, const std::string& user_id, instant now);
started_session start(storage::connection& db, const std::string& user_id, const std::string& session_id,
                      const room_schedule& schedule);
std::optional<user_status> status(storage::connection& db, const std::string& user_id);
promotion promote_due(storage::connection& db, instant now, std::size_t limit);

std::vector<origin_id> paused_origins(storage::connection& db);
std::vector<outbox::origin_work> find_work(storage::connection& db, origin_id after, std::size_t limit);
outbox::claimed claim(storage::connection& db, const outbox::claim_request& wanted, instant now);
outbox::recorded record(storage::connection& db, const outbox::conclusion& what);

redelivery redeliver(storage::connection& db, delivery_id id, instant now);
// What redeliver_dead() is to send again, and how much more there is: for a reader.
struct redeliverable
{
    std::vector<delivery_id> ids;
    std::size_t remaining = 0;
    std::size_t skipped = 0;
};
redeliverable find_redeliverable(storage::connection& db, const dead_filter& filter, instant now);
redeliveries redeliver_all(storage::connection& db, const redeliverable& found, instant now);

origin_page origins(storage::connection& db, const origin_filter& filter);
std::optional<origin_id> pause_origin(storage::connection& db, const std::string& origin, bool paused,
                                      instant now);
std::optional<origin_id> find_origin(storage::connection& db, const std::string& origin);

// How what is pending expires, looked for user by user.
outbox::sqlite::expiry expiry();
// Sessions with their deliveries and attempts, and users who have nothing left.
outbox::walk_turn prune(storage::connection& db, instant before, const outbox::walk_position& from,
                        std::size_t limit);

delivery_page deliveries(storage::connection& db, const delivery_filter& filter);
// Their ids alone, at most `limit`.
std::vector<delivery_id> find_ids(storage::connection& db, const delivery_filter& filter,
                                  std::optional<origin_id> origin, std::size_t limit);
std::optional<delivery_detail> find_delivery(storage::connection& db, delivery_id id);
// The delivery that a session's row has become; nothing while the session runs or when it has none.
std::optional<delivery_summary> find_summary(storage::connection& db, delivery_id id);

using storage::from_stored;
using storage::to_stored;

} // namespace sender::sqlite
