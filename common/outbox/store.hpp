#pragma once

#include "common/outbox/delivery.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <vector>

namespace outbox {

// How long those who cannot drop their work wait before they try a refused transaction again.
inline constexpr std::chrono::milliseconds storage_pause{500};

// An origin with pending deliveries.
struct origin_work
{
    origin_id origin = 0;
    instant next_due_at; // of the earliest
};

// What was found for one request.
struct claimed
{
    origin_id origin = 0;
    std::vector<delivery> due;          // the longest overdue first
    std::optional<instant> next_due_at; // of what is pending there besides; now or before: there is more
};

// What became of a conclusion.
struct recorded
{
    std::optional<verdict> in_force; // nothing when the delivery was not pending any more
    origin_id origin = 0;            // where it is to be tried next, when it is `later`
};

// Where a walk through what is stored goes on. Opaque.
struct walk_position
{
    std::int64_t major = 0;
    std::int64_t minor = 0;
};

// One turn of a walk.
struct walk_turn
{
    std::size_t count = 0;             // of rows that it changed
    std::optional<walk_position> next; // nothing when there is no more to look at
};

// What must be sent and must not be forgotten: what the dispatcher and the housekeeper see of
// a service's store. Every function is one transaction and completes after it is durable, on the caller's
// executor. All throw runtime::unavailable when the storage cannot serve just now; then nothing was changed.
class store
{
public:
    virtual ~store() = default;

    // The origins that an operator has paused.
    virtual boost::asio::awaitable<std::vector<origin_id>> paused_origins() = 0;

    // At most `limit` origins with pending deliveries, by their ids, those after `after` only. Costs as much
    // as there are origins, however long their backlogs are.
    virtual boost::asio::awaitable<std::vector<origin_work>> find_work(origin_id after,
                                                                       std::size_t limit) = 0;

    // Reads the pending deliveries of each origin that is asked for that are due at `now`, at most its limit.
    // Those in flight are among them: the caller knows which they are. Ordered with record(): an outcome
    // recorded before is seen. Costs as much as it finds, however long the backlogs are.
    virtual boost::asio::awaitable<std::vector<claimed>> claim(std::vector<claim_request> wanted,
                                                               instant now) = 0;

    // Records what an attempt came to. A success always counts. Any other verdict counts only while the
    // delivery is pending; if the user registered again since the delivery was read, what would be retried,
    // gone or refused is due at once at the new URL, and so is what used up a series of attempts, if another
    // one was asked for since. `gone` removes the registration that it was read from.
    virtual boost::asio::awaitable<recorded> record(conclusion what) = 0;

    // Gives up, as expired, what is still to be sent and whose age counts from `since` or before, among at
    // most `limit` from `from` on.
    virtual boost::asio::awaitable<walk_turn> expire(instant since, instant now, walk_position from,
                                                     std::size_t limit) = 0;

    // Deletes what ended before `before`, with its attempts, among at most `limit` from `from` on.
    virtual boost::asio::awaitable<walk_turn> prune(instant before, walk_position from,
                                                    std::size_t limit) = 0;
};

} // namespace outbox
