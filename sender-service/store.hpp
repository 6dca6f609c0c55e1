#pragma once

#include "sender-service/delivery.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sender {

// How long those who cannot drop their work wait before they try a refused transaction again.
inline constexpr std::chrono::milliseconds storage_pause{500};

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

struct due_deliveries
{
    std::vector<delivery> due;          // the longest overdue first
    std::optional<instant> next_due_at; // of those not due yet
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

// What the sender must not forget. Every function is one transaction and completes after it is durable, on
// the caller's executor. All throw runtime::unavailable when the storage cannot serve just now; then nothing
// was changed. The functions may be called from several loops.
class store
{
public:
    virtual ~store() = default;

    // Remembers the user's callback and makes their pending deliveries due at once. `origin` is the URL's.
    virtual boost::asio::awaitable<void> register_user(std::string user_id, std::string callback_url,
                                                       std::string origin, instant now) = 0;

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

    // Reads at most `limit` pending deliveries that are due at `now`. Those in flight are among them: the
    // caller knows which they are. Ordered with record(): an outcome recorded before is seen.
    virtual boost::asio::awaitable<due_deliveries> claim_due(instant now, std::size_t limit) = 0;

    // Records what an attempt came to. A success always counts. Any other verdict counts only while the
    // delivery is pending; if the user registered again since the delivery was read, what would be retried,
    // gone or refused is due at once at the new URL. `gone` removes the registration that it was read from.
    // Answers with the verdict that came into force; nothing when the delivery was not pending any more.
    virtual boost::asio::awaitable<std::optional<verdict>> record(conclusion what) = 0;

    virtual boost::asio::awaitable<delivery_page> deliveries(delivery_filter filter) = 0;
    virtual boost::asio::awaitable<std::optional<delivery_detail>> find_delivery(delivery_id id) = 0;
};

} // namespace sender
