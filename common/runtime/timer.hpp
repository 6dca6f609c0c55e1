#pragma once

#include "common/runtime/clock.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>

namespace runtime {

inline constexpr std::chrono::seconds timer_wait_max{30};

// Waits for an instant of the wall clock on one loop. One waiter at a time; all functions on its loop. It
// outlives the wait under way.
class timer
{
public:
    virtual ~timer() = default;

    // Completes at `at`, when wake() is called, or after 30 s, since the wall clock may have jumped:
    // the caller looks at its clock again. A wake() that came when nobody waited is not lost.
    virtual boost::asio::awaitable<void> wait_until(instant at) = 0;

    // Completes the wait under way, or the next one, at once.
    virtual void wake() = 0;
};

// Makes the timers of one loop; real or simulated, like the clock.
class timers
{
public:
    virtual ~timers() = default;
    virtual std::unique_ptr<timer> make(boost::asio::any_io_executor loop) = 0;
};

// Timers that wait on the machine's steady clock for what `now` says is left.
std::unique_ptr<timers> make_system_timers(const clock& now);

} // namespace runtime
