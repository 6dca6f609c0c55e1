#pragma once

#include "common/runtime/clock.hpp"
#include "common/runtime/gate.hpp"
#include "common/runtime/log.hpp"
#include "common/runtime/timer.hpp"
#include "sender-service/store.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>

namespace sender {

struct housekeeping
{
    std::chrono::hours delivery_age_max{72};
    std::chrono::milliseconds exchange_max{15'000}; // an attempt that began in time may end so much later
    std::chrono::hours retention{30 * 24};          // of what has ended
};

// Gives up what has become too old while its origin was paused or did not answer, and deletes what ended long
// ago. In turns of 500 rows with a pause between them, so that no request notices. All functions on its loop.
class housekeeper
{
public:
    // All references must outlive the loop.
    housekeeper(const boost::asio::any_io_executor& loop, store& deliveries, const runtime::clock& clock,
                runtime::timers& timers, const housekeeping& settings, runtime::log& log);

    void start();

    // Begins no further turn; completes when the one under way has ended, at most `grace` from now.
    boost::asio::awaitable<void> stop(std::chrono::milliseconds grace);

private:
    boost::asio::awaitable<void> rounds();
    boost::asio::awaitable<void> expire();
    boost::asio::awaitable<void> prune();
    boost::asio::awaitable<void> pause(std::chrono::milliseconds span);

    boost::asio::any_io_executor loop_;
    store& store_;
    const runtime::clock& clock_;
    housekeeping settings_;
    runtime::log& log_;
    std::unique_ptr<runtime::timer> timer_;
    runtime::gate gate_;
    bool stopping_ = false;
};

} // namespace sender
