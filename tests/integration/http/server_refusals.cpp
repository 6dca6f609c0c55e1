#include "tests/catch.hpp"
#include "tests/integration/http/server_fixture.hpp"
#include "tests/support/framing_vectors.hpp"

#include <random>

using namespace server_tests;

namespace {

// A fresh client is served, and the connections of those before are gone.
void check_unharmed(fixture& server)
{
    raw_client next{server.port()};
    const auto before = server.handled();
    next.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    CHECK(status_of(next.response()) == 200);
    CHECK(server.handled() == before + 1);
}

void check_refused(fixture& server, std::string_view bytes, unsigned status)
{
    CAPTURE(bytes);
    const auto before = server.handled();
    raw_client client{server.port()};
    client.send(bytes);
    const auto answer = client.response();
    CHECK(status_of(answer) == status);
    CHECK(answer.find("Content-Type: application/problem+json\r\n") != std::string::npos);
    CHECK(answer.find("Connection: close\r\n") != std::string::npos);
    CHECK(client.closed());
    CHECK(server.handled() == before);
    CHECK(server.refused().back() == status);
}

std::string chunked(std::string_view body)
{
    return "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + std::string(body);
}

} // namespace

TEST_CASE("framing that is not plain HTTP/1.1 is answered 400 and closed before any handler runs")
{
    fixture server;
    for (const auto& head : vectors::refused_heads()) {
        check_refused(server, head, 400);
        check_unharmed(server);
    }
    for (const auto& body : vectors::refused_chunks())
        check_refused(server, chunked(body), 400);
    CHECK(server.refused().size() == vectors::refused_heads().size() + vectors::refused_chunks().size());
    check_unharmed(server);
}

TEST_CASE("a refused request behind a good one does not spoil the good one's answer")
{
    fixture server;
    raw_client client{server.port()};
    client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"
                "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    CHECK(status_of(client.response()) == 200);
    CHECK(status_of(client.response()) == 400);
    CHECK(client.closed());
    CHECK(server.handled() == 1);
}

TEST_CASE("a body over the limit is refused by its length before it is read")
{
    fixture server;
    check_refused(server, "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 65537\r\n\r\n", 413);
    check_unharmed(server);
}

TEST_CASE("a client that sends a megabyte unasked still reads its 413")
{
    fixture server;
    const std::string body(1'048'576, 'x');
    check_refused(server, "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 1048576\r\n\r\n" + body, 413);
    check_unharmed(server);
}

TEST_CASE("a chunked body over the limit is refused as soon as its chunks add up to that")
{
    fixture server;
    const std::string chunk = "4000\r\n" + std::string(0x4000, 'x') + "\r\n";
    check_refused(server, chunked(chunk + chunk + chunk + chunk + "1\r\n"), 413);
    raw_client client{server.port()};
    client.send(chunked(chunk + chunk + chunk + chunk + "0\r\n\r\n"));
    CHECK(body_of(client.response()).size() == 65'536);
}

TEST_CASE("a head over the limit is refused, and one at the limit is served")
{
    fixture server;
    const std::string start = "GET / HTTP/1.1\r\nHost: h\r\nX: ";
    const auto head = [&](std::size_t size) {
        return start + std::string(size - start.size() - 4, 'a') + "\r\n\r\n";
    };
    check_refused(server, head(16'385), 431);
    check_refused(server, start + std::string(100'000, 'a'), 431);
    raw_client client{server.port()};
    client.send(head(16'384) + head(16'384));
    CHECK(status_of(client.response()) == 200);
    CHECK(status_of(client.response()) == 200);
}

TEST_CASE("an expectation that cannot be met is refused")
{
    fixture server;
    check_refused(server, "POST /echo HTTP/1.1\r\nHost: h\r\nExpect: tea\r\nContent-Length: 1\r\n\r\n", 417);
}

TEST_CASE("200 random byte strings reach no handler and harm nobody")
{
    fixture server;
    for (unsigned seed = 0; seed < 200; ++seed) {
        CAPTURE(seed);
        std::mt19937 random{seed};
        std::string bytes(random() % 600 + 1, '\0');
        for (auto& byte : bytes)
            byte = static_cast<char>(random());
        raw_client client{server.port()};
        client.send(bytes);
        client.half_close();
        const auto answer = client.response();
        CHECK(status_of(answer) == 400);
    }
    CHECK(server.handled() == 0);
    check_unharmed(server);
}
