#include "common/runtime/signals.hpp"
#include "tests/catch.hpp"

#include <boost/asio/io_context.hpp>

#include <csignal>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace {

namespace asio = boost::asio;

// Lets every signal that was raised be seen.
void poll(asio::io_context& loop)
{
    loop.restart();
    while (loop.poll() > 0) {
    }
}

} // namespace

TEST_CASE("SIGHUP reloads each time, and SIGTERM or SIGINT stops once")
{
    const int stop_signal = GENERATE(SIGTERM, SIGINT);
    asio::io_context loop;
    std::string calls;
    runtime::signals signals(
        loop.get_executor(), [&] { calls += "stop "; }, [&] { calls += "reload "; });
    std::raise(SIGHUP);
    poll(loop);
    std::raise(SIGHUP);
    poll(loop);
    std::raise(stop_signal);
    poll(loop);
    CHECK(calls == "reload reload stop ");
}

TEST_CASE("a loop whose signals were cancelled runs out of work")
{
    asio::io_context loop;
    runtime::signals signals(
        loop.get_executor(), [&] { signals.cancel(); }, [] {});
    std::raise(SIGTERM);
    loop.run();
    CHECK(loop.stopped());
}

TEST_CASE("no callback is called after cancel, even for a signal that came before")
{
    asio::io_context loop;
    int calls = 0;
    runtime::signals signals(
        loop.get_executor(), [&] { ++calls; }, [&] { ++calls; });
    std::raise(SIGTERM);
    signals.cancel();
    poll(loop);
    CHECK(calls == 0);
}

TEST_CASE("SIGPIPE is ignored")
{
    asio::io_context loop;
    const runtime::signals signals(
        loop.get_executor(), [] {}, [] {});
    struct sigaction now = {};
    REQUIRE(::sigaction(SIGPIPE, nullptr, &now) == 0);
    CHECK(now.sa_handler == SIG_IGN);
}

TEST_CASE("a second signal ends the process at once with status 130")
{
    const auto child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        asio::io_context loop;
        const runtime::signals signals(
            loop.get_executor(), [] { std::raise(SIGINT); }, [] {});
        std::raise(SIGTERM);
        loop.run();
        ::_exit(0);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 130);
}
