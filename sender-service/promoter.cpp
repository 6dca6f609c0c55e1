#include "sender-service/promoter.hpp"

#include "common/runtime/crash_point.hpp"
#include "common/runtime/errors.hpp"
#include "common/runtime/rethrow.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

namespace sender {

namespace asio = boost::asio;

promoter::promoter(const asio::any_io_executor& loop, store& sessions, const runtime::clock& clock,
                   runtime::timers& timers, runtime::log& log, receiver made)
    : loop_(loop),
      store_(sessions),
      clock_(clock),
      log_(log),
      made_(std::move(made)),
      timer_(timers.make(loop)),
      gate_(loop)
{}

void promoter::start()
{
    asio::co_spawn(loop_, promotion_loop(), runtime::rethrow);
}

void promoter::session_started(instant ready_at)
{
    // Sessions mostly become due in the order of their starts: then the timer stands right already.
    if (ready_at < next_at_.load())
        asio::post(loop_, [this, ready_at] { look_again_at(ready_at); });
}

void promoter::look_again_at(instant at)
{
    if (at < next_at_.load()) {
        next_at_ = at;
        timer_->wake();
    }
}

asio::awaitable<void> promoter::stop(std::chrono::milliseconds grace)
{
    stopping_ = true;
    timer_->wake();
    co_await gate_.wait_empty(grace);
}

asio::awaitable<void> promoter::promotion_loop()
{
    const runtime::gate::pass inside{gate_};
    while (!stopping_) {
        const bool more = co_await promote();
        if (more)
            continue;
        const auto next = next_at_.load();
        co_await timer_->wait_until(next);
    }
}

// One turn; true when there may be more to promote at once.
asio::awaitable<bool> promoter::promote()
{
    // Reset before the storage is asked: a session that starts while it answers lowers it again.
    next_at_ = instant::max();
    const auto now = clock_.now();
    promotion turn;
    try {
        turn = co_await store_.promote_due(now, promoted_at_once_max);
    }
    catch (const runtime::unavailable& why) {
        log_.warn("promotion_refused", {{"reason", why.what()}});
        turn.next_ready_at = now + outbox::storage_pause;
    }
    if (turn.users > 0)
        log_.debug("promoted", {{"users", turn.users}, {"deliveries", turn.made.size()}});
    runtime::crash_at(runtime::crash_point::after_ready, !turn.made.empty());
    made_(std::move(turn.made));
    if (turn.next_ready_at && *turn.next_ready_at < next_at_.load())
        next_at_ = *turn.next_ready_at;
    co_return turn.users == promoted_at_once_max;
}

} // namespace sender
