#pragma once

#include "common/outbox/store.hpp"
#include "sender-service/delivery.hpp"
#include "sender-service/operator_requests.hpp"
#include "sender-service/waiting_room.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sender {

// A session that start() answers with.
struct started_session
{
    std::string session_id;
    room_schedule schedule;
    bool began = false; // false: it was running already
};

// What one turn of promotion did.
struct promotion
{
    std::vector<delivery> made;           // of those who are registered
    std::size_t users = 0;                // promoted, with or without a delivery
    std::optional<instant> next_ready_at; // of those who still wait
};

struct delivery_filter
{
    std::optional<delivery_status> status;
    std::optional<std::string> user_id;
    std::optional<std::string> origin; // "http://host:port", the default port left out
    std::optional<delivery_id> before; // only older ones: the cursor
    std::size_t limit = 50;
};

struct delivery_page
{
    std::vector<delivery_summary> items; // newest first
    std::optional<delivery_id> next;     // the cursor, when there may be more
};

// Which origins to list.
struct origin_filter
{
    enum class having { anything, pending, pause };
    having with = having::anything;
    std::optional<std::string> origin;
    std::optional<origin_id> before; // only older ones: the cursor
    std::size_t limit = 50;
};

struct origin_page
{
    std::vector<origin_summary> items; // newest first
    std::optional<origin_id> next;     // the cursor, when there may be more
};

// What became of the wish to send a delivery again.
struct redelivery
{
    enum class answer { queued, unknown, unregistered, too_old };
    answer what = answer::unknown;
    origin_id origin = 0; // where it is due now, when queued
};

struct redeliveries
{
    std::size_t queued = 0;
    std::size_t remaining = 0;      // that match and may be sent again, at most remaining_counted_max
    std::size_t skipped = 0;        // passed over: unregistered, or too old
    std::vector<origin_id> origins; // where they are due now
};

inline constexpr std::size_t redelivered_at_once_max = 1'000;
inline constexpr std::size_t remaining_counted_max = 100'000;

// What the sender must not forget. Every function is one transaction and completes after it is durable, on
// the caller's executor. All throw runtime::unavailable when the storage cannot serve just now; then nothing
// was changed. The functions may be called from several loops.
class store : public outbox::store
{
public:
    // Remembers the user's callback and makes their pending deliveries due at once. `origin` is the URL's.
    // Answers with it, when there were any.
    virtual boost::asio::awaitable<std::optional<origin_id>>
    register_user(std::string user_id, std::string callback_url, std::string origin, instant now) = 0;

    // Forgets the user's callback; their pending deliveries become dead, as unregistered.
    virtual boost::asio::awaitable<void> unregister_user(std::string user_id, instant now) = 0;

    // Answers with the user's running session, or begins one with `session_id` and `schedule` when none runs.
    virtual boost::asio::awaitable<started_session> start(std::string user_id, std::string session_id,
                                                          room_schedule schedule) = 0;

    // Nothing when the user was neither registered nor started.
    virtual boost::asio::awaitable<std::optional<user_status>> status(std::string user_id) = 0;

    // Stores READY of at most `limit` users whose time has come at `now`, the longest overdue first, and
    // makes the delivery of each who is registered, in the same transaction.
    virtual boost::asio::awaitable<promotion> promote_due(instant now, std::size_t limit) = 0;

    virtual boost::asio::awaitable<delivery_page> deliveries(delivery_filter filter) = 0;
    virtual boost::asio::awaitable<std::optional<delivery_detail>> find_delivery(delivery_id id) = 0;

    // Begins a new series of attempts, due now. A pending delivery becomes due now, and its series goes on.
    virtual boost::asio::awaitable<redelivery> redeliver(delivery_id id, instant now) = 0;

    // The same for at most `redelivered_at_once_max` of the dead that match, those that died first.
    virtual boost::asio::awaitable<redeliveries> redeliver_dead(dead_filter filter, instant now) = 0;

    virtual boost::asio::awaitable<origin_page> origins(origin_filter filter) = 0;

    // Pauses or resumes an origin for good. Nothing when none is known by that name.
    virtual boost::asio::awaitable<std::optional<origin_id>> pause_origin(std::string origin, bool paused,
                                                                          instant now) = 0;
};

} // namespace sender
