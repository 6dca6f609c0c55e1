#pragma once

#include "common/outbox/store.hpp"
#include "common/runtime/clock.hpp"
#include "common/runtime/gate.hpp"
#include "common/runtime/log.hpp"
#include "common/runtime/timer.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string_view>

namespace outbox {

// Who needs it: one transaction that changes everything would hold up every request.
inline constexpr std::size_t housekeeping_turn_rows = 500;
inline constexpr std::chrono::milliseconds housekeeping_turn_pause{20};
inline constexpr std::chrono::minutes housekeeping_round_pause{1};

struct housekeeping
{
    std::chrono::days retention{30}; // of what has ended
    // Of what is to be sent, with the time that an attempt may last which began before that. Nothing when
    // nothing is sent: then what waits does not grow old.
    std::optional<std::chrono::milliseconds> age_max;
    std::string_view expired_line = "expired"; // what the log calls what was given up
    std::string_view pruned_line = "pruned";   // and what was deleted
};

// Gives up what has become too old while its origin was paused or did not answer, and deletes what ended long
// ago. In small turns with a pause between them, so that no request notices. All functions on its loop, but
// for start().
class housekeeper
{
public:
    // The references must outlive the loop.
    housekeeper(const boost::asio::any_io_executor& loop, store& deliveries, const runtime::clock& clock,
                runtime::timers& timers, const housekeeping& settings, runtime::log& log);

    void start();

    // Begins no further turn. Does not wait.
    void begin_stop();

    // The same; completes when the turn under way has ended, at most `grace` from now.
    boost::asio::awaitable<void> stop(std::chrono::milliseconds grace);

private:
    using turn_function = boost::asio::awaitable<walk_turn> (housekeeper::*)(walk_position from);

    boost::asio::awaitable<void> rounds();
    boost::asio::awaitable<void> expire();
    boost::asio::awaitable<void> prune();
    boost::asio::awaitable<walk_turn> expire_turn(walk_position from);
    boost::asio::awaitable<walk_turn> prune_turn(walk_position from);
    boost::asio::awaitable<std::size_t> walk(turn_function turn);
    boost::asio::awaitable<void> pause(std::chrono::milliseconds span);

    boost::asio::any_io_executor loop_;
    store& store_;
    const runtime::clock& clock_;
    housekeeping settings_;
    runtime::log& log_;
    std::unique_ptr<runtime::timer> timer_;
    runtime::gate gate_;
    std::optional<runtime::gate::pass> under_way_; // not in the coroutine, which may go later
    bool stopping_ = false;
};

} // namespace outbox
