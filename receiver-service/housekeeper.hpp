#pragma once

#include "common/runtime/clock.hpp"
#include "common/runtime/log.hpp"
#include "common/runtime/timer.hpp"
#include "receiver-service/store.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <optional>

namespace receiver {

// Who needs it: one transaction that deletes everything would hold up every accept.
inline constexpr std::size_t housekeeping_turn_rows = 500;
inline constexpr std::chrono::milliseconds housekeeping_turn_pause{20};
inline constexpr std::chrono::minutes housekeeping_round_pause{1};

struct housekeeping
{
    std::chrono::days retention{30}; // of what is processed or dead
    // Of what is to be forwarded; an attempt that began in time may end after it. Nothing without an app:
    // then what waits for one does not grow old.
    std::optional<std::chrono::milliseconds> forward_age_max;
};

// Gives up what has become too old while the app did not answer, and deletes what ended long ago. In small
// turns with a pause between them, so that no request notices. All functions on its loop.
class housekeeper
{
public:
    // The references must outlive the loop.
    housekeeper(const boost::asio::any_io_executor& loop, store& events, const runtime::clock& clock,
                runtime::timers& timers, const housekeeping& settings, runtime::log& log);

    void start();

    // Begins no further turn. Does not wait.
    void begin_stop();

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
    bool stopping_ = false;
};

} // namespace receiver
