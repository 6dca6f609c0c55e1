#include "tests/sim/time.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <optional>

namespace sim {

namespace asio = boost::asio;

class timers::waiting final : public runtime::timer
{
public:
    waiting(timers& owner, const asio::any_io_executor& loop)
        : owner_(owner),
          ended_(loop, asio::steady_timer::time_point::max())
    {
        owner_.made_.push_back(this);
    }
    ~waiting() override
    {
        std::erase(owner_.made_, this);
        if (planned_)
            owner_.time_.cancel(*planned_);
    }
    waiting(const waiting&) = delete;
    waiting& operator=(const waiting&) = delete;

    asio::awaitable<void> wait_until(runtime::instant at) override
    {
        if (!woken_) {
            const auto now = owner_.clock_.now();
            const auto wait = std::max(std::min(at, now + runtime::timer_wait_max), now) - now;
            planned_ = owner_.time_.after(wait, [this] { end(); });
            co_await ended_.async_wait(asio::as_tuple(asio::deferred));
        }
        woken_ = false;
    }

    void wake() override
    {
        if (planned_) {
            owner_.time_.cancel(*planned_);
            end();
        }
        else {
            woken_ = true;
        }
    }

    bool under_way() const { return planned_.has_value(); }

private:
    void end()
    {
        planned_.reset();
        ended_.cancel();
    }

    timers& owner_;
    asio::steady_timer ended_;
    std::optional<scheduler::ticket> planned_;
    bool woken_ = false;
};

std::unique_ptr<runtime::timer> timers::make(asio::any_io_executor loop)
{
    return std::make_unique<waiting>(*this, loop);
}

void timers::wake_all()
{
    for (auto* each : made_)
        if (each->under_way())
            each->wake();
}

} // namespace sim
