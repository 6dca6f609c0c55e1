#include "tests/catch.hpp"
#include "tests/integration/http/client_fixture.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include <exception>
#include <stdexcept>

using namespace client_test;
using namespace std::chrono_literals;
using http::exchange_result;

namespace {

constexpr auto as_result = asio::as_tuple(asio::deferred);
constexpr http::exchange_limits short_limits{200ms, 400ms};

// Answers a request with `begin`, then a byte at a time until the peer has had enough.
asio::awaitable<void> drip(raw_server& server, tcp::socket& peer, std::string begin)
{
    (void)co_await read_request(server, peer);
    co_await write(peer, std::move(begin));
    asio::steady_timer pause(peer.get_executor());
    boost::system::error_code error;
    while (!error) {
        pause.expires_after(10ms);
        (void)co_await pause.async_wait(as_result);
        const auto [failed, size] = co_await asio::async_write(peer, asio::buffer("x", 1), as_result);
        error = failed;
    }
}

script drip_after(std::string begin)
{
    return [begin = std::move(begin)](raw_server& server, tcp::socket& peer, unsigned) {
        return drip(server, peer, begin);
    };
}

} // namespace

TEST_CASE("a POST arrives whole and is answered with the response's status and body")
{
    client_fixture test;
    auto& server = test.serve(answer_always(ok));
    const auto seen = test.post(server.url());
    CHECK(seen.result == exchange_result::answered);
    CHECK(seen.status == 200);
    CHECK(seen.body == "done");
    CHECK(seen.error.empty());
    REQUIRE(server.requests.size() == 1);
    CHECK(server.requests[0] == "POST /hook HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port()) +
                                    "\r\nUser-Agent: test\r\nContent-Type: application/json\r\n"
                                    "Content-Length: 7\r\n\r\n{\"a\":1}");
}

TEST_CASE("every status is an answer, and a redirect is not followed")
{
    const auto status = GENERATE(200U, 201U, 204U, 301U, 302U, 307U, 400U, 404U, 410U, 429U, 500U, 503U);
    CAPTURE(status);
    client_fixture test;
    auto& elsewhere = test.serve(answer_always(ok));
    auto& server = test.serve(answer_always(
        "HTTP/1.1 " + std::to_string(status) +
        " \r\nContent-Length: 0\r\nRetry-After: 7\r\nLocation: " + elsewhere.url() + "\r\n\r\n"));
    const auto seen = test.post(server.url());
    CHECK(seen.result == exchange_result::answered);
    CHECK(seen.status == status);
    CHECK(seen.retry_after == std::optional<std::string>("7"));
    CHECK(elsewhere.connections == 0);
}

TEST_CASE("the head decides, however the body ends")
{
    const auto* const response = GENERATE("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\ncut",
                                          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\ncu",
                                          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n",
                                          "HTTP/1.1 200 OK\r\n\r\nuntil the end", "HTTP/1.0 200 OK\r\n\r\n");
    CAPTURE(response);
    client_fixture test;
    const auto seen = test.post(test.serve(answer_once(response)).url());
    CHECK(seen.result == exchange_result::answered);
    CHECK(seen.status == 200);
}

TEST_CASE("a body that never ends is cut by the deadline, and the exchange is answered")
{
    client_fixture test;
    auto& server = test.serve(answer_and_hang("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nslow"));
    const auto begun = std::chrono::steady_clock::now();
    const auto seen = test.post(server.url(), short_limits);
    CHECK(seen.result == exchange_result::answered);
    CHECK(seen.body == "slow");
    CHECK(std::chrono::steady_clock::now() - begun < 5s);
    CHECK(test.post(server.url(), short_limits).status == 200);
    CHECK(server.connections == 2); // what was not read to its end is not used again
}

TEST_CASE("a body that drips is an answer once the time is over, and its connection is closed")
{
    const auto* const head = GENERATE("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n",
                                      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n100000\r\n",
                                      "HTTP/1.1 200 OK\r\n\r\n");
    client_fixture test;
    auto& server = test.serve(drip_after(head));
    const auto begun = std::chrono::steady_clock::now();
    const auto seen = test.post(server.url(), short_limits);
    CHECK(seen.result == exchange_result::answered);
    CHECK(seen.status == 200);
    CHECK(seen.body.starts_with("xx"));
    CHECK(std::chrono::steady_clock::now() - begun < 5s);
    CHECK(test.post(server.url(), short_limits).status == 200);
    CHECK(server.connections == 2);
}

TEST_CASE("a head that drips is a timeout, however much of it has come")
{
    client_fixture test;
    auto& server = test.serve(drip_after("HTTP/1.1 200 OK\r\nX-A: "));
    const auto begun = std::chrono::steady_clock::now();
    CHECK(test.post(server.url(), short_limits).result == exchange_result::timeout);
    CHECK(std::chrono::steady_clock::now() - begun < 5s);
}

TEST_CASE("an oversize body is read no further than 16 KiB, and the exchange is answered at once")
{
    client_fixture test;
    auto& server = test.serve(
        answer_and_hang("HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n" + std::string(100'000, 'x')));
    const auto begun = std::chrono::steady_clock::now();
    const auto seen = test.post(server.url());
    CHECK(seen.result == exchange_result::answered);
    CHECK(seen.body == std::string(http::response_kept_bytes_max, 'x'));
    CHECK(std::chrono::steady_clock::now() - begun < 5s);
}

TEST_CASE("a head that never comes, or never ends, is a timeout")
{
    const auto* const response =
        GENERATE("", "HTTP/1.1 200 OK\r\nX-A: b\r\n", "HTTP/1.1 100 Continue\r\n\r\n");
    CAPTURE(response);
    client_fixture test;
    const auto seen = test.post(test.serve(answer_and_hang(response)).url(), short_limits);
    CHECK(seen.result == exchange_result::timeout);
    CHECK(seen.error.find("400 ms") != std::string::npos);
}

TEST_CASE("a connection that ends before the head does is truncated")
{
    const auto* const response = GENERATE("", "HTT", "HTTP/1.1 200 OK\r\nX-A: b\r\n");
    CAPTURE(response);
    client_fixture test;
    auto& server = test.serve(answer_once(response));
    const auto seen = test.post(server.url());
    CHECK(seen.result == exchange_result::truncated);
    CHECK(server.connections == 1); // a new connection is not tried again
}

TEST_CASE("what is not HTTP, a flood of headers and a flood of 1xx are malformed")
{
    // 10 MB, in steps: clang-tidy takes a single string of that length for a mistake.
    std::string flood;
    for (int i = 0; i < 10'000; ++i)
        flood.append(1'000, 'x');
    std::string informational;
    for (int i = 0; i < 1'000; ++i)
        informational += "HTTP/1.1 103 Early Hints\r\n\r\n";
    const auto response =
        GENERATE_COPY(as<std::string>{}, "220 smtp ready\r\n", std::string(100, '\0'), informational,
                      "HTTP/1.1 200 OK\r\nX-A: " + flood + "\r\n\r\n", "HTTP/1.1 200 OK\r\nbad\r\n\r\n");
    client_fixture test;
    const auto seen = test.post(test.serve(answer_and_hang(response)).url());
    CHECK(seen.result == exchange_result::malformed);
    CHECK_FALSE(seen.error.empty());
}

TEST_CASE("a refused connection is a connect failure whose text has no address")
{
    client_fixture test;
    auto& server = test.serve(answer_always(ok));
    const auto url = server.url();
    server.stop();
    const auto seen = test.post(url);
    CHECK(seen.result == exchange_result::connect);
    CHECK(seen.error.find("refused") != std::string::npos);
    CHECK(seen.error.find("127.") == std::string::npos);
}

TEST_CASE("a URL that is none is a final failure")
{
    client_fixture test;
    CHECK(test.post("http://u@127.0.0.1/").result == exchange_result::refused_address);
    CHECK(test.post("nonsense").result == exchange_result::refused_address);
}

TEST_CASE("a header that would split the request throws, and nothing is sent")
{
    client_fixture test;
    auto& server = test.serve(answer_always(ok));
    http::outgoing message;
    message.url = server.url();
    message.headers.push_back({"webhook-id", "a\r\nX-B: c"});
    std::exception_ptr thrown;
    asio::co_spawn(test.loop, test.client->post(std::move(message), {}),
                   [&](std::exception_ptr failure, const http::exchange&) { thrown = std::move(failure); });
    test.run_until([&] { return thrown != nullptr; });
    CHECK_THROWS_AS(std::rethrow_exception(thrown), std::invalid_argument);
    CHECK(server.connections == 0);
}
