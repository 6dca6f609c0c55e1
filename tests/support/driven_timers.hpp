#pragma once

#include "common/runtime/timer.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <vector>

namespace test {

// Timers that complete when the test says that their time has come.
class driven_timers final : public runtime::timers
{
public:
    std::unique_ptr<runtime::timer> make(boost::asio::any_io_executor loop) override
    {
        return std::make_unique<driven_timer>(*this, loop);
    }

    // Completes each wait that ends at `now` or before.
    void fire(runtime::instant now)
    {
        for (auto* timer : timers_)
            if (timer->waiting_for && *timer->waiting_for <= now)
                timer->wake();
    }

    // Completes every wait under way, as the cap of 30 s does in the end.
    void wake_all()
    {
        for (auto* timer : timers_)
            if (timer->waiting_for)
                timer->wake();
    }

private:
    struct driven_timer final : runtime::timer
    {
        driven_timer(driven_timers& owner, const boost::asio::any_io_executor& loop)
            : owner_(owner),
              wait_(loop, boost::asio::steady_timer::time_point::max())
        {
            owner_.timers_.push_back(this);
        }
        ~driven_timer() override { std::erase(owner_.timers_, this); }
        driven_timer(const driven_timer&) = delete;
        driven_timer& operator=(const driven_timer&) = delete;

        boost::asio::awaitable<void> wait_until(runtime::instant at) override
        {
            if (!woken_) {
                waiting_for = at;
                co_await wait_.async_wait(boost::asio::as_tuple(boost::asio::deferred));
                waiting_for.reset();
            }
            woken_ = false;
        }

        void wake() override
        {
            if (waiting_for)
                wait_.cancel();
            else
                woken_ = true;
        }

        std::optional<runtime::instant> waiting_for;

    private:
        driven_timers& owner_;
        boost::asio::steady_timer wait_;
        bool woken_ = false;
    };

    std::vector<driven_timer*> timers_;
};

} // namespace test
