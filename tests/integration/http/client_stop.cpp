#include "tests/catch.hpp"
#include "tests/integration/http/client_fixture.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

using namespace client_test;
using namespace std::chrono_literals;
using http::exchange_result;

TEST_CASE("stop closes idle connections, lets what is under way end, and then the loop runs out of work")
{
    client_fixture test;
    auto& idle = test.serve(answer_always(ok));
    auto& busy = test.serve(answer_and_hang("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nslow"));
    CHECK(test.post(idle.url()).status == 200);
    const auto under_way = test.begin(busy.url(), {1'000ms, 1'000ms});
    test.run_until([&] { return busy.requests.size() == 1; });
    test.client->stop();
    CHECK(test.post(idle.url()).status == 200); // new ones may begin, and keep nothing
    CHECK(idle.connections == 2);
    idle.stop();
    busy.stop();
    test.run_until([&] { return under_way->has_value(); });
    CHECK((*under_way)->status == 200);
    test.loop.restart();
    test.loop.run_for(5s);
    CHECK(test.loop.stopped());
}

TEST_CASE("abort ends a look-up, a handshake and a wait for the head at once, each as a timeout")
{
    auto options = loopback_options();
    const auto release = std::make_shared<std::atomic<bool>>(false);
    const auto asked = std::make_shared<std::atomic<bool>>(false);
    options.names.look_up = [release, asked](const std::string&) {
        *asked = true;
        release->wait(false);
        return name_list::addresses({"127.0.0.1"});
    };
    client_fixture test(options);
    auto& silent = test.serve(answer_and_hang(""));
    auto& deaf = test.serve([](raw_server&, tcp::socket& peer, unsigned) { return hang(peer); });
    const auto looking = test.begin(silent.url("name.test"));
    const auto waiting = test.begin(silent.url());
    const auto shaking = test.begin(deaf.url("127.0.0.1", "https"));
    test.run_until([&] { return *asked && silent.requests.size() == 1 && deaf.connections == 1; });
    const auto begun = std::chrono::steady_clock::now();
    test.client->abort();
    test.run_until([&] { return looking->has_value() && waiting->has_value() && shaking->has_value(); });
    CHECK(std::chrono::steady_clock::now() - begun < 2s);
    for (const auto& one : {looking, waiting, shaking}) {
        CHECK((*one)->result == exchange_result::timeout);
        CHECK((*one)->error.find("stopping") != std::string::npos);
    }
    CHECK(test.post(silent.url()).result == exchange_result::timeout);
    *release = true;
    release->notify_all();
}

TEST_CASE("a client may be destroyed while exchanges run; they end as timeouts")
{
    client_fixture test;
    auto& silent = test.serve(answer_and_hang(""));
    const auto waiting = test.begin(silent.url());
    test.run_until([&] { return silent.requests.size() == 1; });
    test.client.reset();
    test.run_until([&] { return waiting->has_value(); });
    CHECK((*waiting)->result == exchange_result::timeout);
}

TEST_CASE("a loop may be destroyed while an exchange runs")
{
    auto loop = std::make_unique<asio::io_context>();
    {
        raw_server server(*loop, answer_and_hang(""));
        http::client client(loop->get_executor(), loopback_options());
        http::outgoing message;
        message.url = server.url();
        auto running = client.post(std::move(message), {});
        asio::co_spawn(*loop, std::move(running), asio::detached);
        while (server.requests.empty())
            loop->run_one();
    }
    loop.reset();
    SUCCEED("and nothing of it was left");
}

TEST_CASE("a peer that resets while the request is written does not kill the process")
{
    client_fixture test;
    auto& server = test.serve([](raw_server&, tcp::socket& peer, unsigned) -> asio::awaitable<void> {
        peer.set_option(tcp::socket::linger(true, 0));
        co_return;
    });
    for (int i = 0; i < 20; ++i)
        CHECK(test.post(server.url()).result == exchange_result::truncated);
}
