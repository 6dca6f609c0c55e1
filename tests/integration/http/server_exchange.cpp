#include "tests/catch.hpp"
#include "tests/integration/http/server_fixture.hpp"

using namespace server_tests;

namespace {

std::string get(std::string_view target, std::string_view headers = "")
{
    return "GET " + std::string(target) + " HTTP/1.1\r\nHost: h\r\n" + std::string(headers) + "\r\n";
}

std::string post(std::string_view body, std::string_view headers = "")
{
    return "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
           std::string(headers) + "\r\n" + std::string(body);
}

bool has_line(std::string_view response, std::string_view line)
{
    return response.find("\r\n" + std::string(line) + "\r\n") != std::string_view::npos;
}

} // namespace

TEST_CASE("a connection serves one request after another")
{
    fixture server;
    raw_client client{server.port()};
    for (int i = 0; i < 3; ++i) {
        client.send(post("body " + std::to_string(i)));
        const auto answer = client.response();
        CHECK(answer.starts_with("HTTP/1.1 200 OK\r\nDate: "));
        CHECK(has_line(answer, "Content-Type: application/json"));
        CHECK_FALSE(has_line(answer, "Connection: close"));
        CHECK(body_of(answer) == "body " + std::to_string(i));
    }
    CHECK(server.connections() == 1);
}

TEST_CASE("pipelined requests in one segment are answered in order")
{
    fixture server;
    raw_client client{server.port()};
    client.send(post("one") + get("/users/two") + post("three"));
    CHECK(body_of(client.response()) == "one");
    CHECK(body_of(client.response()) == "two");
    CHECK(body_of(client.response()) == "three");
}

TEST_CASE("a request that comes byte by byte is served")
{
    fixture server;
    raw_client client{server.port()};
    const std::string bytes =
        "POST /echo HTTP/1.1\r\nHost: h\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\n"
        "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
    for (const char byte : bytes)
        client.send({&byte, 1});
    CHECK(body_of(client.response()) == "abcde");
}

TEST_CASE("Connection: close is obeyed, after the answer")
{
    fixture server;
    raw_client client{server.port()};
    client.send(get("/", "Connection: close\r\n") + get("/"));
    const auto answer = client.response();
    CHECK(status_of(answer) == 200);
    CHECK(has_line(answer, "Connection: close"));
    CHECK(client.closed());
    CHECK(server.handled() == 1);
}

TEST_CASE("HTTP/1.0 is answered and closed")
{
    fixture server;
    raw_client client{server.port()};
    client.send("GET / HTTP/1.0\r\n\r\n");
    const auto answer = client.response();
    CHECK(status_of(answer) == 200);
    CHECK(has_line(answer, "Connection: close"));
    CHECK(client.closed());
}

TEST_CASE("a client that closes its half after a whole request gets its answer")
{
    fixture server;
    raw_client client{server.port()};
    client.send(post("late"));
    client.half_close();
    CHECK(body_of(client.response()) == "late");
    CHECK(client.closed());
}

TEST_CASE("a client that closes its half within a request is told so")
{
    fixture server;
    const auto* const bytes =
        GENERATE("GET / HT", "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nhalf");
    raw_client client{server.port()};
    client.send(bytes);
    client.half_close();
    CHECK(status_of(client.response()) == 400);
    CHECK(client.closed());
    CHECK(server.handled() == 0);
}

TEST_CASE("100 Continue is sent to a client that waits for it")
{
    fixture server;
    raw_client client{server.port()};
    client.send("POST /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
    CHECK(client.response() == "HTTP/1.1 100 Continue\r\n\r\n");
    client.send("body");
    CHECK(body_of(client.response()) == "body");

    client.send(post("here", "Expect: 100-continue\r\n"));
    CHECK(status_of(client.response()) == 200);
}

TEST_CASE("HEAD is answered like GET, without the body")
{
    fixture server;
    raw_client client{server.port()};
    client.send("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n");
    const auto answer = client.response(true);
    CHECK(has_line(answer, "Content-Length: 6"));
    client.send(get("/"));
    CHECK(body_of(client.response()) == "\"root\"");
}

TEST_CASE("a 204 is answered without a length, and the connection goes on")
{
    fixture server;
    raw_client client{server.port()};
    client.send("DELETE /users/a HTTP/1.1\r\nHost: h\r\n\r\n");
    const auto answer = client.response();
    CHECK(status_of(answer) == 204);
    CHECK(answer.find("Content-") == std::string::npos);
    client.send(get("/"));
    CHECK(status_of(client.response()) == 200);
}

TEST_CASE("unknown paths, other methods and bad targets have their own answers, and the connection goes on")
{
    fixture server;
    raw_client client{server.port()};
    client.send(get("/nothing"));
    const auto missing = client.response();
    CHECK(status_of(missing) == 404);
    CHECK(has_line(missing, "Content-Type: application/problem+json"));

    client.send("PATCH /users/a HTTP/1.1\r\nHost: h\r\n\r\n");
    const auto other = client.response();
    CHECK(status_of(other) == 405);
    CHECK(has_line(other, "Allow: GET, HEAD, DELETE"));

    client.send(get("/users/%00"));
    CHECK(status_of(client.response()) == 400);
    CHECK(server.refused() == std::vector<unsigned>{400});
    client.send(get("/users/a%2Fb"));
    CHECK(body_of(client.response()) == "a/b");
    CHECK(server.handled() == 1);
}

TEST_CASE("a handler that cannot serve now answers 503, and one that fails answers 500 without its reason")
{
    fixture server;
    raw_client client{server.port()};
    client.send(get("/unavailable"));
    const auto unavailable = client.response();
    CHECK(status_of(unavailable) == 503);
    CHECK(has_line(unavailable, "Retry-After: 1"));
    CHECK(unavailable.find("the queue is full") != std::string::npos);

    client.send(get("/throws"));
    const auto failed = client.response();
    CHECK(status_of(failed) == 500);
    CHECK(failed.find("inner reason") == std::string::npos);
    CHECK(server.logged().find("the inner reason") != std::string::npos);
    CHECK(server.logged().find("/throws") != std::string::npos);
}

TEST_CASE("a response header that would split the response is never written")
{
    fixture server;
    raw_client client{server.port()};
    client.send(get("/bad-header"));
    const auto answer = client.response();
    CHECK(status_of(answer) == 500);
    CHECK(answer.find("X-Injected") == std::string::npos);
    client.send(get("/"));
    CHECK(status_of(client.response()) == 200);
}
