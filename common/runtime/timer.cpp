#include "common/runtime/timer.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>

namespace runtime {

namespace {

namespace asio = boost::asio;

constexpr auto as_result = asio::as_tuple(asio::deferred);

class system_timer final : public timer
{
public:
    system_timer(const clock& now, const asio::any_io_executor& loop) : clock_(now), timer_(loop) {}

    asio::awaitable<void> wait_until(instant at) override
    {
        if (woken_) {
            woken_ = false;
            co_return;
        }
        // The clock is cut to milliseconds, so what it says is left is never too short.
        const auto now = clock_.now();
        timer_.expires_after(std::max(std::min(at, now + timer_wait_max), now) - now);
        waiting_ = true;
        co_await timer_.async_wait(as_result); // wake() shows as a cancelled wait
        waiting_ = false;
    }

    void wake() override
    {
        if (waiting_) {
            timer_.cancel();
        }
        else {
            woken_ = true;
        }
    }

private:
    const clock& clock_;
    asio::steady_timer timer_;
    bool waiting_ = false;
    bool woken_ = false;
};

class system_timers final : public timers
{
public:
    explicit system_timers(const clock& now) : clock_(now) {}

    std::unique_ptr<timer> make(asio::any_io_executor loop) override
    {
        return std::make_unique<system_timer>(clock_, loop);
    }

private:
    const clock& clock_;
};

} // namespace

std::unique_ptr<timers> make_system_timers(const clock& now)
{
    return std::make_unique<system_timers>(now);
}

} // namespace runtime
