#include "receiver-service/housekeeper.hpp"

#include "common/runtime/errors.hpp"
#include "common/runtime/rethrow.hpp"

#include <boost/asio/co_spawn.hpp>

namespace receiver {

namespace asio = boost::asio;

housekeeper::housekeeper(const asio::any_io_executor& loop, store& events, const runtime::clock& clock,
                         runtime::timers& timers, const housekeeping& settings, runtime::log& log)
    : loop_(loop),
      store_(events),
      clock_(clock),
      settings_(settings),
      log_(log),
      timer_(timers.make(loop))
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

asio::awaitable<void> housekeeper::rounds()
{
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
}

asio::awaitable<void> housekeeper::expire()
{
    if (!settings_.forward_age_max)
        co_return;
    std::size_t count = 0;
    std::optional<walk_position> next{walk_position{}};
    while (next && !stopping_) {
        const auto now = clock_.now();
        const auto since = now - *settings_.forward_age_max;
        const auto turn = co_await store_.expire(since, now, *next, housekeeping_turn_rows);
        count += turn.count;
        next = turn.next;
        if (next)
            co_await pause(housekeeping_turn_pause);
    }
    if (count > 0)
        log_.warn("events_expired", {{"count", count}});
}

asio::awaitable<void> housekeeper::prune()
{
    std::size_t count = 0;
    std::optional<walk_position> next{walk_position{}};
    while (next && !stopping_) {
        const auto before = clock_.now() - settings_.retention;
        const auto turn = co_await store_.prune(before, *next, housekeeping_turn_rows);
        count += turn.count;
        next = turn.next;
        if (next)
            co_await pause(housekeeping_turn_pause);
    }
    if (count > 0)
        log_.info("events_pruned", {{"count", count}});
}

// A clock that is set back ends the pause: better too early than much too late.
asio::awaitable<void> housekeeper::pause(std::chrono::milliseconds span)
{
    const auto began = clock_.now();
    const auto until = began + span;
    for (auto now = began; !stopping_ && now >= began && now < until; now = clock_.now())
        co_await timer_->wait_until(until);
}

} // namespace receiver
