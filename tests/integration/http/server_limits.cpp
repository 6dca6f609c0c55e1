#include "tests/catch.hpp"
#include "tests/integration/http/server_fixture.hpp"

#include <sys/resource.h>

using namespace server_tests;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

namespace {

constexpr std::string_view plain_get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

http::server_options impatient()
{
    http::server_options options;
    options.request_timeout = 200ms;
    options.idle_timeout = 400ms;
    return options;
}

// Waits until the server counts `count` connections.
void await_connections(fixture& server, std::size_t count)
{
    const auto until = steady_clock::now() + patience;
    while (server.connections() != count && steady_clock::now() < until)
        std::this_thread::yield();
    REQUIRE(server.connections() == count);
}

} // namespace

TEST_CASE("a request that does not arrive in time is answered 408 and closed")
{
    fixture server{impatient()};
    const auto* const bytes =
        GENERATE("GET / HTTP/1.1\r\nHo", "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nhalf",
                 "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
                 "POST /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n");
    raw_client client{server.port()};
    const auto began = steady_clock::now();
    client.send(bytes);
    auto answer = client.response();
    if (status_of(answer) == 100)
        answer = client.response();
    CHECK(status_of(answer) == 408);
    CHECK(answer.find("application/problem+json") != std::string::npos);
    CHECK(steady_clock::now() - began >= 200ms);
    CHECK(client.closed());
    CHECK(server.handled() == 0);
    CHECK(server.refused() == std::vector<unsigned>{408});
}

TEST_CASE("the time for a request runs from its first byte, and more bytes do not extend it")
{
    fixture server{impatient()};
    raw_client client{server.port()};
    client.send(plain_get);
    CHECK(status_of(client.response()) == 200);
    const auto began = steady_clock::now();
    client.send("GET /");
    while (!client.readable(10ms) && steady_clock::now() - began < patience)
        client.send("a");
    CHECK(status_of(client.response()) == 408);
    CHECK(steady_clock::now() - began < patience);
}

TEST_CASE("a connection that brings nothing is closed without a word")
{
    fixture server{impatient()};
    raw_client silent{server.port()};
    CHECK(silent.closed());

    raw_client idle{server.port()};
    idle.send(plain_get);
    CHECK(status_of(idle.response()) == 200);
    const auto began = steady_clock::now();
    CHECK(idle.closed());
    CHECK(steady_clock::now() - began >= 300ms);
    CHECK(server.refused().empty());
}

TEST_CASE("a client that does not read its answer is closed")
{
    fixture server{impatient()};
    raw_client client{server.port()};
    client.send("GET /large HTTP/1.1\r\nHost: h\r\n\r\n");
    await_connections(server, 1);
    await_connections(server, 0);
    CHECK(client.rest().size() < 33'554'432U);
}

TEST_CASE("one connection more than are allowed is closed, and the others are served")
{
    http::server_options options;
    options.connections_max = 2;
    fixture server{options};
    auto first = std::make_unique<raw_client>(server.port());
    raw_client second{server.port()};
    await_connections(server, 2);
    raw_client third{server.port()};
    CHECK(third.closed());
    for (auto* const client : {first.get(), &second}) {
        client->send(plain_get);
        CHECK(status_of(client->response()) == 200);
    }
    CHECK(server.logged().find("connection_refused") != std::string::npos);

    first.reset();
    await_connections(server, 1);
    raw_client fourth{server.port()};
    fourth.send(plain_get);
    CHECK(status_of(fourth.response()) == 200);
}

TEST_CASE("the listener survives a time without free descriptors")
{
    fixture server;
    raw_client early{server.port()};
    early.send(plain_get);
    CHECK(status_of(early.response()) == 200);
    raw_client late{server.port()};
    late.send(plain_get);
    CHECK(status_of(late.response()) == 200);

    // Room for one descriptor more, which the client's own end takes.
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
    const int probe = ::dup(0);
    ::close(probe);
    rlimit none = before;
    none.rlim_cur = static_cast<rlim_t>(probe) + 1;
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
    raw_client waiting{server.port()}; // takes the last descriptor
    const auto until = steady_clock::now() + patience;
    while (server.logged().find("accept_failed") == std::string::npos && steady_clock::now() < until)
        std::this_thread::yield();
    CHECK(server.logged().find("accept_failed") != std::string::npos);
    early.send(plain_get);
    CHECK(status_of(early.response()) == 200);
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &before) == 0);

    waiting.send(plain_get);
    CHECK(status_of(waiting.response()) == 200);
}
