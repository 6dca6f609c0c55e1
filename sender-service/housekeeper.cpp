#include "sender-service/housekeeper.hpp"

#include "common/runtime/errors.hpp"
#include "common/runtime/rethrow.hpp"

#include <boost/asio/co_spawn.hpp>

namespace sender {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t rows_in_turn = 500;
constexpr std::chrono::milliseconds between_turns = 20ms;
constexpr std::chrono::milliseconds between_rounds = 1min;

} // namespace

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

asio::awaitable<void> housekeeper::stop(std::chrono::milliseconds grace)
{
    stopping_ = true;
    timer_->wake();
    co_await gate_.wait_empty(grace);
}

asio::awaitable<void> housekeeper::rounds()
{
    const runtime::gate::pass inside{gate_};
    while (!stopping_) {
        try {
            co_await expire();
            co_await prune();
        }
        catch (const runtime::unavailable& why) {
            log_.debug("housekeeping_refused", {{"reason", why.what()}});
        }
        co_await pause(between_rounds);
    }
}

asio::awaitable<void> housekeeper::expire()
{
    std::size_t count = 0;
    std::optional<walk_position> next{walk_position{}};
    while (next && !stopping_) {
        const auto now = clock_.now();
        const auto since = now - settings_.delivery_age_max - settings_.exchange_max;
        const auto turn = co_await store_.expire(since, now, *next, rows_in_turn);
        count += turn.count;
        next = turn.next;
        if (next)
            co_await pause(between_turns);
    }
    if (count > 0)
        log_.warn("deliveries_expired", {{"count", count}});
}

asio::awaitable<void> housekeeper::prune()
{
    std::size_t count = 0;
    std::optional<walk_position> next{walk_position{}};
    while (next && !stopping_) {
        const auto before = clock_.now() - settings_.retention;
        const auto turn = co_await store_.prune(before, *next, rows_in_turn);
        count += turn.count;
        next = turn.next;
        if (next)
            co_await pause(between_turns);
    }
    if (count > 0)
        log_.info("sessions_pruned", {{"count", count}});
}

// A clock that is set back ends the pause: better too early than an hour late.
asio::awaitable<void> housekeeper::pause(std::chrono::milliseconds span)
{
    const auto began = clock_.now();
    const auto until = began + span;
    for (auto now = began; !stopping_ && now >= began && now < until; now = clock_.now())
        co_await timer_->wait_until(until);
}

} // namespace sender
