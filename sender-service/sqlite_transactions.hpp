#pragma once

#include "common/storage/connection.hpp"
#include "common/storage/database.hpp"
#include "sender-service/store.hpp"

#include <span>

// The store's transactions as plain functions on a connection: all of the sender's SQL is behind them.
namespace sender::sqlite {

std::span<const storage::migration> migrations();

// attempts.id is delivery * attempt_numbers + number: an attempt is found without an index.
inline constexpr std::int64_t attempt_numbers = 1'024;
static_assert(attempts_kept_max < attempt_numbers);

// What `sessions.state` holds. A session's row becomes its delivery's when READY is stored.
enum class session_state : std::int64_t {
    running = 0,
    ready_unnotified = 1, // READY of a user who was not registered: nothing to deliver, then or later
    pending = 2,
    delivered = 3,
    dead = 4
};

void register_user(storage::connection& db, const std::string& user_id, const std::string& callback_url,
                   const std::string& origin, instant now);
void unregister_user(storage::connection& db, const std::string& user_id, instant now);
started_session start(storage::connection& db, const std::string& user_id, const std::string& session_id,
                      const room_schedule& schedule);
std::optional<user_status> status(storage::connection& db, const std::string& user_id);
promotion promote_due(storage::connection& db, instant now, std::size_t limit);

due_deliveries claim_due(storage::connection& db, instant now, std::size_t limit);
std::optional<verdict> record(storage::connection& db, const conclusion& what);

delivery_page deliveries(storage::connection& db, const delivery_filter& filter);
std::optional<delivery_detail> find_delivery(storage::connection& db, delivery_id id);
// The delivery that a session's row has become; nothing while the session runs or when it has none.
std::optional<delivery_summary> find_summary(storage::connection& db, delivery_id id);

// Times are stored as milliseconds since the epoch.
inline std::int64_t to_stored(instant at)
{
    return at.time_since_epoch().count();
}

inline instant from_stored(std::int64_t stored)
{
    return instant{std::chrono::milliseconds{stored}};
}

inline std::optional<instant> from_stored(std::optional<std::int64_t> stored)
{
    return stored ? std::optional{from_stored(*stored)} : std::nullopt;
}

} // namespace sender::sqlite
