#include "receiver-service/housekeeper.hpp"

#include "common/runtime/errors.hpp"
#include "common/runtime/rethrow.hpp"

#include <boost/asio/co_spawn.hpp>

#include <algorithm>
#include <utility>

namespace receiver {

namespace asio = boost::asio;

housekeeper::housekeeper(const asio::any_io_executor& loop, store& events, const runtime::clock& clock,
                         runtime::timers& timers, std::chrono::days retention, runtime::log& log)
    : loop_(loop),
      store_(events),
      clock_(clock),
      retention_(retention),
      log_(log),
      timer_(timers.make(loop))
{}

void housekeeper::start()
{
    asio::co_spawn(loop_, keep_house(), runtime::rethrow);
}

void housekeeper::begin_stop()
{
    stopping_ = true;
    timer_->wake();
}

asio::awaitable<void> housekeeper::keep_house()
{
    auto next_at = instant::min();
    while (!stopping_) {
        const auto now = clock_.now();
        if (now >= next_at) {
            const auto pause = co_await take_turn();
            next_at = clock_.now() + pause;
        }
        else {
            next_at = std::min<instant>(next_at, now + prune_every); // the clock may have been set back
            co_await timer_->wait_until(next_at);
        }
    }
}

// One turn; answers with how long to wait before the next.
asio::awaitable<std::chrono::milliseconds> housekeeper::take_turn()
{
    pruning turn;
    try {
        turn = co_await store_.prune(clock_.now() - retention_, looked_at_, pruned_at_once_max);
    }
    catch (const runtime::unavailable& why) {
        log_.warn("pruning_refused", {{"reason", why.what()}});
        co_return prune_refused_pause;
    }
    deleted_ += turn.deleted;
    looked_at_ = turn.next.value_or(0);
    if (turn.next)
        co_return prune_turn_pause;
    if (const auto deleted = std::exchange(deleted_, 0); deleted > 0)
        log_.info("pruned", {{"events", deleted}});
    co_return prune_every;
}

} // namespace receiver
