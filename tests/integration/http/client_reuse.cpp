#include "tests/catch.hpp"
#include "tests/integration/http/client_fixture.hpp"

#include <mutex>

using namespace client_test;
using namespace std::chrono_literals;
using http::exchange_result;

namespace {

// Answers one request of a connection, and the next one with `first_bytes`; then the connection ends.
asio::awaitable<void> end_in_the_second(raw_server& server, tcp::socket& peer, std::string first_bytes,
                                        bool by_reset)
{
    (void)co_await read_request(server, peer);
    co_await write(peer, ok);
    (void)co_await read_request(server, peer);
    co_await write(peer, std::move(first_bytes));
    peer.set_option(tcp::socket::linger(by_reset, 0));
}

asio::awaitable<void> die_on_the_second_always(raw_server& server, tcp::socket& peer, unsigned)
{
    const bool more = co_await read_request(server, peer);
    if (!more || server.connections > 1)
        co_return;
    co_await write(peer, ok);
    (void)co_await read_request(server, peer);
}

asio::awaitable<void> answer_and_tell(raw_server& server, tcp::socket& peer, script answer, unsigned number,
                                      std::shared_ptr<bool> ended)
{
    co_await answer(server, peer, number);
    *ended = true;
}

} // namespace

TEST_CASE("a connection is used again when its response was read to the end")
{
    const auto response = GENERATE(
        as<std::string>{}, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone", "HTTP/1.1 204 \r\n\r\n",
        "HTTP/1.1 500 No\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
        "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 16384\r\n\r\n" + std::string(16'384, 'x'));
    client_fixture test;
    auto& server = test.serve(answer_always(response));
    for (int i = 0; i < 3; ++i)
        CHECK(test.post(server.url()).result == exchange_result::answered);
    CHECK(server.requests.size() == 3);
    CHECK(server.connections == 1);
}

TEST_CASE("a connection is not used again when the response says close, is too large or leaves bytes behind")
{
    const auto response = GENERATE(
        as<std::string>{}, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nmore",
        "HTTP/1.1 200 OK\r\nContent-Length: 16385\r\n\r\n" + std::string(16'385, 'x'));
    client_fixture test;
    auto& server = test.serve(answer_always(response));
    CHECK(test.post(server.url()).result == exchange_result::answered);
    CHECK(test.post(server.url()).result == exchange_result::answered);
    CHECK(server.connections == 2);
}

TEST_CASE("exchanges that run at the same time have a connection each, and both are used again")
{
    client_fixture test;
    auto& server = test.serve(answer_always(ok));
    for (int round = 0; round < 2; ++round) {
        const auto first = test.begin(server.url());
        const auto second = test.begin(server.url());
        test.run_until([&] { return first->has_value() && second->has_value(); });
    }
    CHECK(server.connections == 2);
    CHECK(server.requests.size() == 4);
}

TEST_CASE("a reused connection that dies before the first byte of the response is retried once on a new one")
{
    const bool by_reset = GENERATE(false, true);
    client_fixture test;
    auto& server = test.serve([by_reset](raw_server& at, tcp::socket& peer, unsigned) {
        return end_in_the_second(at, peer, "", by_reset);
    });
    CHECK(test.post(server.url()).status == 200);
    CHECK(test.post(server.url()).status == 200);
    CHECK(server.connections == 2);
    CHECK(server.requests.size() == 3);
}

TEST_CASE("a reused connection that ends after the first byte of the response is not retried")
{
    client_fixture test;
    auto& server = test.serve(
        [](raw_server& at, tcp::socket& peer, unsigned) { return end_in_the_second(at, peer, "H", false); });
    CHECK(test.post(server.url()).status == 200);
    CHECK(test.post(server.url()).result == exchange_result::truncated);
    CHECK(server.connections == 1);
    CHECK(server.requests.size() == 2);
}

TEST_CASE("a reused connection on which no response comes is not retried: the time is over")
{
    client_fixture test;
    auto& server = test.serve(answer_and_hang(ok));
    CHECK(test.post(server.url()).status == 200);
    CHECK(test.post(server.url(), {200ms, 300ms}).result == exchange_result::timeout);
    CHECK(server.connections == 1);
}

TEST_CASE("the retry on a new connection is the last one")
{
    client_fixture test;
    auto& server = test.serve(die_on_the_second_always);
    CHECK(test.post(server.url()).status == 200);
    CHECK(test.post(server.url()).result == exchange_result::truncated);
    CHECK(server.connections == 2);
    CHECK(server.requests.size() == 3);
}

TEST_CASE("an idle connection that the peer closes is dropped without an exchange noticing")
{
    client_fixture test;
    auto& server = test.serve(answer_once(ok));
    CHECK(test.post(server.url()).status == 200);
    test.loop.restart();
    test.loop.run_for(50ms);
    CHECK(test.post(server.url()).status == 200);
    CHECK(server.connections == 2);
    CHECK(server.requests.size() == 2);
}

TEST_CASE("a plain connection is not taken for https to the same host, port and address")
{
    client_fixture test;
    auto& server = test.serve(answer_always(ok));
    CHECK(test.post(server.url()).status == 200);
    CHECK(test.post(server.url("127.0.0.1", "https"), {300ms, 300ms}).result != exchange_result::answered);
    CHECK(server.connections == 2);
    CHECK(server.requests.size() == 1);
}

TEST_CASE("idle connections are kept for 30 seconds unless told")
{
    CHECK(http::client_options{}.idle_timeout == 30s);
}

TEST_CASE("an idle connection is closed after the idle timeout, and the loop then runs out of work")
{
    auto options = loopback_options();
    options.idle_timeout = 1s;
    client_fixture test(options);
    const auto closed_by_client = std::make_shared<bool>(false);
    const auto answer = answer_always(ok);
    const auto told_of_the_end = [closed_by_client, answer](raw_server& server, tcp::socket& peer,
                                                            unsigned number) {
        return answer_and_tell(server, peer, answer, number, closed_by_client);
    };
    auto& server = test.serve(told_of_the_end);
    CHECK(test.post(server.url()).status == 200);
    CHECK_FALSE(*closed_by_client);
    test.run_until([&] { return *closed_by_client; });
    server.stop();
    test.loop.restart();
    test.loop.run_for(5s);
    CHECK(test.loop.stopped());
}

TEST_CASE("past the limit of idle connections the one that waited longest is closed")
{
    auto options = loopback_options();
    options.idle_connections_max = 1;
    client_fixture test(options);
    auto& first = test.serve(answer_always(ok));
    auto& second = test.serve(answer_always(ok));
    CHECK(test.post(first.url()).status == 200);
    CHECK(test.post(second.url()).status == 200);
    CHECK(test.post(second.url()).status == 200);
    CHECK(test.post(first.url()).status == 200);
    CHECK(first.connections == 2);
    CHECK(second.connections == 1);
}

TEST_CASE("a connection serves only the address that it was opened to")
{
    const auto names = std::make_shared<name_list>();
    const auto mutex = std::make_shared<std::mutex>();
    names->answer = [] { return name_list::addresses({"127.0.0.1"}); };
    auto options = loopback_options();
    options.names.kept = 0ms;
    options.names.look_up = [names, mutex](const std::string&) {
        const std::lock_guard lock(*mutex);
        return names->answer();
    };
    client_fixture test(options);
    auto& before = test.serve(answer_always(ok));
    auto& after = test.serve(answer_always(ok), "127.0.0.2", before.port());
    CHECK(test.post(before.url("name.test")).status == 200);
    {
        const std::lock_guard lock(*mutex);
        names->answer = [] { return name_list::addresses({"127.0.0.2"}); };
    }
    CHECK(test.post(before.url("name.test")).status == 200);
    CHECK(before.requests.size() == 1);
    CHECK(after.requests.size() == 1);
    {
        const std::lock_guard lock(*mutex);
        names->answer = [] { return name_list::addresses({"10.0.0.1"}); };
    }
    CHECK(test.post(before.url("name.test")).result == exchange_result::refused_address);
    CHECK(test.post(before.url("127.0.0.1")).status == 200); // same address, but not opened for this host
    CHECK(before.connections == 2);
}
