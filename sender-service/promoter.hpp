#pragma once

#include "common/runtime/clock.hpp"
#include "common/runtime/gate.hpp"
#include "common/runtime/log.hpp"
#include "common/runtime/timer.hpp"
#include "sender-service/store.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <vector>

namespace sender {

// Who needs it: one transaction that promotes everyone would hold up every other write.
inline constexpr std::size_t promoted_at_once_max = 500;

// Stores READY of every session whose time has come, and hands on the deliveries that were made with it. One
// timer for the earliest; a restart runs the same query. All functions on its loop unless said otherwise.
class promoter
{
public:
    using receiver = std::function<void(std::vector<delivery>)>;

    // All references must outlive the loop.
    promoter(const boost::asio::any_io_executor& loop, store& sessions, const runtime::clock& clock,
             runtime::timers& timers, runtime::log& log, receiver made);

    void start();

    // Tells of a session that becomes due at `ready_at`. Thread-safe.
    void session_started(instant ready_at);

    // Promotes no more; completes when the turn under way has ended, at most `grace` from now.
    boost::asio::awaitable<void> stop(std::chrono::milliseconds grace);

private:
    boost::asio::awaitable<void> promotion_loop();
    boost::asio::awaitable<bool> promote();
    void look_again_at(instant at);

    boost::asio::any_io_executor loop_;
    store& store_;
    const runtime::clock& clock_;
    runtime::log& log_;
    receiver made_;
    std::unique_ptr<runtime::timer> timer_;
    runtime::gate gate_;
    std::atomic<instant> next_at_{instant::max()}; // read by session_started(); written on the loop
    bool stopping_ = false;
};

} // namespace sender
