#include "tests/catch.hpp"
#include "tests/integration/http/server_fixture.hpp"

#include <memory>

using namespace server_tests;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

namespace {

constexpr std::string_view plain_get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
constexpr std::string_view hanging_get = "GET /hang HTTP/1.1\r\nHost: h\r\n\r\n";

bool is_done(const std::future<void>& stopped)
{
    return stopped.wait_for(patience) == std::future_status::ready;
}

} // namespace

TEST_CASE("a server that serves nobody stops at once, and its loop runs out of work")
{
    fixture server;
    const auto began = steady_clock::now();
    const auto stopped = server.stop(patience);
    CHECK(is_done(stopped));
    CHECK(server.ran_out());
    CHECK(steady_clock::now() - began < 5s);
}

TEST_CASE("an ordered stop closes who is idle and answers who is busy, who then is closed")
{
    fixture server;
    raw_client fresh{server.port()};
    raw_client idle{server.port()};
    idle.send(plain_get);
    CHECK(status_of(idle.response()) == 200);
    raw_client busy{server.port()};
    busy.send(hanging_get);
    raw_client halfway{server.port()};
    halfway.send("GET / HTTP/1.1\r\n");
    server.await_hanging(1);
    while (server.connections() < 4)
        std::this_thread::yield();

    const auto stopped = server.stop(patience);
    CHECK(idle.closed());
    CHECK(fresh.closed());
    CHECK_THROWS_AS(std::make_unique<raw_client>(server.port()), std::runtime_error);

    halfway.send("Host: h\r\n\r\n");
    const auto finished = halfway.response();
    CHECK(status_of(finished) == 200);
    CHECK(finished.find("Connection: close\r\n") != std::string::npos);
    CHECK(halfway.closed());

    server.release();
    const auto answer = busy.response();
    CHECK(status_of(answer) == 200);
    CHECK(body_of(answer) == "\"released\"");
    CHECK(answer.find("Connection: close\r\n") != std::string::npos);
    CHECK(busy.closed());
    // The clients' ends are open still: the server waits for them as long as a lingering close lasts.
    CHECK(is_done(stopped));
    CHECK(server.ran_out());
}

TEST_CASE("the grace of a stop cuts what hangs")
{
    fixture server;
    raw_client busy{server.port()};
    busy.send(hanging_get);
    server.await_hanging(1);
    const auto began = steady_clock::now();
    const auto stopped = server.stop(100ms);
    CHECK(is_done(stopped));
    CHECK(steady_clock::now() - began >= 100ms);
    CHECK(server.connections() == 0);
    CHECK(busy.response().empty());
    // The handler's own timer is all that is left; when it ends, so does the loop.
    server.release();
    CHECK(server.ran_out());
}

TEST_CASE("a request pipelined behind one that is served when the stop begins is answered by the same rules")
{
    fixture server;
    raw_client client{server.port()};
    client.send(std::string(hanging_get) + std::string(plain_get));
    server.await_hanging(1);
    const auto stopped = server.stop(patience);
    server.release();
    const auto answer = client.response();
    CHECK(answer.find("Connection: close\r\n") != std::string::npos);
    CHECK(client.closed());
    CHECK(server.handled() == 1);
    CHECK(is_done(stopped));
    CHECK(server.ran_out());
}

TEST_CASE("a loop that is destroyed under busy connections takes them along")
{
    fixture server;
    raw_client busy{server.port()};
    busy.send(hanging_get);
    raw_client idle{server.port()};
    server.await_hanging(1);
    CHECK(server.handled() == 1); // the fixture now ends, and the sanitizer looks
}

TEST_CASE("a stop that begins while an answer is being written lets it end, and closes the connection then")
{
    fixture server;
    raw_client client{server.port()};
    client.send("GET /large HTTP/1.1\r\nHost: h\r\n\r\n");
    REQUIRE(client.readable(patience));
    const auto stopped = server.stop(patience * 6);
    CHECK(server.connections() == 1);
    CHECK(body_of(client.response()).size() == 33'554'432U);
    CHECK(client.closed());
    CHECK(is_done(stopped));
    CHECK(server.ran_out());
}
