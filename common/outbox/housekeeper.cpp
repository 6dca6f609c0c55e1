#include "common/outbox/housekeeper.hpp"

#include "common/runtime/errors.hpp"
#include "common/runtime/rethrow.hpp"

#include <boost/asio/co_spawn.hpp>

namespace outbox {

namespace asio = boost::asio;

housekeeper::housekeeper(const asio::any_io_executor& loop, store& deliveries, const runtime::clock& clock,
                         runtime::timers& timers, const housekeeping& settings, runtime::log& log)
    : loop_(loop),
      store_(deliveries),
      clock_(clock),
      settings_(settings),
      log_(log),
      timer_(timers.make(loop)),
      gate_(loop)
{}

void housekeeper::start()
{
    asio::co_spawn(loop_, rounds(), runtime::rethrow);
}

void housekeeper::begin_stop()
{
    stopping_ = true;
    timer_->wake();
}

asio::awaitable<void> housekeeper::stop(std::chrono::milliseconds grace)
{
    begin_stop();
    co_await gate_.wait_empty(grace);
}

asio::awaitable<void> housekeeper::rounds()
{
    under_way_.emplace(gate_);
    while (!stopping_) {
        try {
            co_await expire();
            co_await prune();
        }
        catch (const runtime::unavailable& why) {
            log_.debug("housekeeping_refused", {{"reason", why.what()}});
        }
        co_await pause(housekeeping_round_pause);
    }
    under_way_.reset();
}

asio::awaitable<void> housekeeper::expire()
{
    if (!settings_.age_max)
        co_return;
    const auto count = co_await walk(&housekeeper::expire_turn);
    if (count > 0)
        log_.warn(settings_.expired_line, {{"count", count}});
}

asio::awaitable<void> housekeeper::prune()
{
    const auto count = co_await walk(&housekeeper::prune_turn);
    if (count > 0)
        log_.info(settings_.pruned_line, {{"count", count}});
}

asio::awaitable<walk_turn> housekeeper::expire_turn(walk_position from)
{
    const auto now = clock_.now();
    return store_.expire(now - *settings_.age_max, now, from, housekeeping_turn_rows);
}

asio::awaitable<walk_turn> housekeeper::prune_turn(walk_position from)
{
    return store_.prune(clock_.now() - settings_.retention, from, housekeeping_turn_rows);
}

// Goes through all that is stored; answers with how much it changed.
asio::awaitable<std::size_t> housekeeper::walk(turn_function turn)
{
    std::size_t count = 0;
    std::optional<walk_position> next{walk_position{}};
    while (next && !stopping_) {
        const auto done = co_await (this->*turn)(*next);
        count += done.count;
        next = done.next;
        if (next)
            co_await pause(housekeeping_turn_pause);
    }
    co_return count;
}

// A clock that is set back ends the pause: better too early than much too late.
asio::awaitable<void> housekeeper::pause(std::chrono::milliseconds span)
{
    const auto began = clock_.now();
    const auto until = began + span;
    for (auto now = began; !stopping_ && now >= began && now < until; now = clock_.now())
        co_await timer_->wait_until(until);
}

} // namespace outbox
