#include "tests/sim/sender_life.hpp"

#include "common/runtime/rethrow.hpp"
#include "sender-service/sqlite_store.hpp"
#include "tests/sim/secret.hpp"

#include <boost/asio/co_spawn.hpp>

namespace sim {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

outbox::housekeeping keeping_of(const outbox::dispatch_settings& how)
{
    outbox::housekeeping keeping;
    keeping.age_max = how.settled_after();
    return keeping;
}

} // namespace

sender_life::sender_life(const life_setting& given, network& wire, observer& watching,
                         const outbox::dispatch_settings& how)
    : life(given, sender::sqlite_owner, sender::sqlite_migrations()),
      network_(wire),
      timers_(given.time, given.clock),
      store_(sender::open_sqlite_store(database_), dying_, watching),
      transport_(loop_.get_executor(), wire, given.name, watching),
      dispatcher_(loop_.get_executor(), store_, transport_, given.clock, timers_, source_of(given.draws),
                  shared_secrets(), how, log_),
      promoter_(loop_.get_executor(), store_, given.clock, timers_, log_,
                [this](std::vector<sender::delivery> made) { dispatcher_.offer(std::move(made)); }),
      housekeeper_(loop_.get_executor(), store_, given.clock, timers_, keeping_of(how), log_),
      api_(store_, given.clock, source_of(given.draws), {},
           {.session_started = [this](sender::instant ready_at) { promoter_.session_started(ready_at); },
            .registration_changed =
                [this](const std::string& user, std::optional<sender::origin_id> due_at) {
                    dispatcher_.forget(user);
                    if (due_at)
                        dispatcher_.note_stored(*due_at, setting_.clock.now());
                },
            .due_now =
                [this](const std::vector<sender::origin_id>& origins) {
                    for (const auto each : origins)
                        dispatcher_.note_stored(each, setting_.clock.now());
                },
            .origin_paused = [this](sender::origin_id origin,
                                    bool paused) { dispatcher_.set_paused(origin, paused); },
            .report = [this](std::vector<sender::origin_id> of) { return report(std::move(of)); }})
{
    serve(api_.routes());
    promoter_.start();
    housekeeper_.start();
    dispatcher_.start();
}

asio::awaitable<std::vector<outbox::origin_report>> sender_life::report(std::vector<sender::origin_id> of)
{
    co_return dispatcher_.report(of);
}

// The order of sending_loop::stop().
void sender_life::begin_stop()
{
    if (stopping_)
        return;
    stopping_ = true;
    dispatcher_.begin_stop();
    asio::co_spawn(loop_, promoter_.stop(0ms), runtime::rethrow);
    asio::co_spawn(loop_, housekeeper_.stop(0ms), runtime::rethrow);
}

void sender_life::let_go()
{
    drain(dispatcher_);
    network_.break_from(setting_.name);
    timers_.wake_all();
}

} // namespace sim
