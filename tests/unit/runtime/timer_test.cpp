#include "common/runtime/timer.hpp"
#include "tests/catch.hpp"
#include "tests/support/fixed_clock.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;

struct timer_fixture
{
    asio::io_context loop;
    test::fixed_clock clock;
    std::unique_ptr<runtime::timers> timers = runtime::make_system_timers(clock);
    std::unique_ptr<runtime::timer> timer = timers->make(loop.get_executor());
    int completed = 0;

    asio::awaitable<void> wait(runtime::instant at)
    {
        co_await timer->wait_until(at);
        ++completed;
    }

    void start_wait(runtime::instant at)
    {
        asio::co_spawn(loop, wait(at), asio::detached);
        loop.restart();
        loop.poll();
    }
};

} // namespace

TEST_CASE("a wait for an instant that has come, or is long gone, completes")
{
    for (const auto at : {runtime::instant{}, runtime::instant::min(), test::fixed_clock{}.at}) {
        timer_fixture f;
        asio::co_spawn(f.loop, f.wait(at), asio::detached);
        f.loop.run();
        CHECK(f.completed == 1);
    }
}

TEST_CASE("a wait takes as long as the clock says is left")
{
    timer_fixture f;
    const auto started = std::chrono::steady_clock::now();
    f.start_wait(f.clock.at + 20ms);
    CHECK(f.completed == 0);
    f.loop.run();
    CHECK(f.completed == 1);
    CHECK(std::chrono::steady_clock::now() - started >= 20ms);
}

TEST_CASE("wake completes the wait under way")
{
    timer_fixture f;
    f.start_wait(runtime::instant::max());
    CHECK(f.completed == 0);
    f.timer->wake();
    f.loop.run();
    CHECK(f.completed == 1);
}

TEST_CASE("a wake that came when nobody waited completes the next wait, once")
{
    timer_fixture f;
    f.timer->wake();
    f.timer->wake();
    f.start_wait(runtime::instant::max());
    CHECK(f.completed == 1);
    f.start_wait(runtime::instant::max());
    CHECK(f.completed == 1);
}
