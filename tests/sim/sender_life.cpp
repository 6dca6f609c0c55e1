#include "tests/sim/sender_life.hpp"

#include "common/runtime/rethrow.hpp"
#include "sender-service/sqlite_store.hpp"
#include "tests/sim/secret.hpp"

#include <boost/asio/co_spawn.hpp>

namespace sim {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

asio::awaitable<void> drain(sender::dispatcher& what)
{
    co_await what.drain(0ms);
}

runtime::random_source source_of(random& draws)
{
    return [&draws] { return draws.bits(); };
}

} // namespace

sender_life::sender_life(const life_setting& given, network& wire, observer& watching,
                         const sender::dispatch_settings& how)
    : life(given, sender::sqlite_owner, sender::sqlite_migrations()),
      network_(wire),
      timers_(given.time, given.clock),
      store_(sender::open_sqlite_store(database_), dying_, watching),
      transport_(loop_.get_executor(), wire, given.name, watching),
      dispatcher_(loop_.get_executor(), store_, transport_, given.clock, timers_, source_of(given.draws),
                  shared_secrets(), how, log_),
      promoter_(loop_.get_executor(), store_, given.clock, timers_, log_,
                [this](std::vector<sender::delivery> made) { dispatcher_.offer(std::move(made)); }),
      api_(store_, given.clock, source_of(given.draws), {},
           {.session_started = [this](sender::instant ready_at) { promoter_.session_started(ready_at); },
            .registration_changed = [this](const std::string& user) { dispatcher_.forget(user); }})
{
    serve(api_.routes());
    promoter_.start();
    dispatcher_.start();
}

// The order of delivery_loop::stop().
void sender_life::begin_stop()
{
    if (stopping_)
        return;
    stopping_ = true;
    dispatcher_.begin_stop();
    asio::co_spawn(loop_, promoter_.stop(0ms), runtime::rethrow);
}

void sender_life::let_go()
{
    asio::co_spawn(loop_, drain(dispatcher_), runtime::rethrow);
    poll();
    network_.break_from(setting_.name);
    timers_.wake_all();
}

} // namespace sim
