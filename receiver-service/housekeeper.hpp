#pragma once

#include "common/runtime/clock.hpp"
#include "common/runtime/log.hpp"
#include "common/runtime/timer.hpp"
#include "receiver-service/store.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>

namespace receiver {

// Who needs it: one transaction that deletes everything would hold up every accept.
inline constexpr std::size_t pruned_at_once_max = 500;
inline constexpr std::chrono::milliseconds prune_turn_pause{50}; // leaves the writer to the others
inline constexpr std::chrono::hours prune_every{1};
inline constexpr std::chrono::minutes prune_refused_pause{1};

// Deletes the events whose time is over, in small turns between the other writes. All functions on its loop.
class housekeeper
{
public:
    // The references must outlive the loop.
    housekeeper(const boost::asio::any_io_executor& loop, store& events, const runtime::clock& clock,
                runtime::timers& timers, std::chrono::days retention, runtime::log& log);

    // Begins with what became too old before a restart.
    void start();

    // Begins no more turns. Does not wait.
    void begin_stop();

private:
    boost::asio::awaitable<void> keep_house();
    boost::asio::awaitable<std::chrono::milliseconds> take_turn();

    boost::asio::any_io_executor loop_;
    store& store_;
    const runtime::clock& clock_;
    std::chrono::days retention_;
    runtime::log& log_;
    std::unique_ptr<runtime::timer> timer_;
    event_id looked_at_ = 0;  // in this round through the table
    std::size_t deleted_ = 0; // in this round
    bool stopping_ = false;
};

} // namespace receiver
