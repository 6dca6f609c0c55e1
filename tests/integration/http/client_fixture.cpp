#include "tests/integration/http/client_fixture.hpp"

#include "tests/catch.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

namespace client_test {

namespace {

constexpr auto as_result = asio::as_tuple(asio::deferred);

std::size_t content_length(const std::string& head)
{
    const auto at = head.find("Content-Length: ");
    return at == std::string::npos ? 0 : std::stoul(head.substr(at + 16));
}

asio::awaitable<void> answer_requests(raw_server& server, tcp::socket& peer, std::string response, bool once)
{
    bool more = co_await read_request(server, peer);
    while (more) {
        co_await write(peer, response);
        more = !once && co_await read_request(server, peer);
    }
}

asio::awaitable<void> answer_then_hang(raw_server& server, tcp::socket& peer, std::string response)
{
    co_await answer_requests(server, peer, std::move(response), true);
    co_await hang(peer);
}

asio::awaitable<void> post_into(http::client& client, std::shared_ptr<std::optional<http::exchange>> slot,
                                std::string url, http::exchange_limits limits)
{
    http::outgoing message;
    message.url = std::move(url);
    message.body = "{\"a\":1}";
    *slot = co_await client.post(std::move(message), limits);
}

} // namespace

const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone";

raw_server::raw_server(asio::io_context& loop, script behaviour, const char* address, std::uint16_t port)
    : acceptor_(loop, tcp::endpoint(asio::ip::make_address(address), port)),
      port_(acceptor_.local_endpoint().port()),
      behaviour_(std::move(behaviour))
{
    asio::co_spawn(loop, accept(), asio::detached);
}

std::string raw_server::url(std::string_view host, std::string_view scheme) const
{
    return std::string(scheme) + "://" + std::string(host) + ":" + std::to_string(port_) + "/hook";
}

void raw_server::stop()
{
    acceptor_.close();
    for (auto& peer : peers_)
        peer.close();
}

asio::awaitable<void> raw_server::accept()
{
    for (;;) {
        auto [error, peer] = co_await acceptor_.async_accept(as_result);
        if (error)
            co_return;
        peers_.push_back(std::move(peer));
        asio::co_spawn(acceptor_.get_executor(), serve(std::prev(peers_.end()), ++connections),
                       asio::detached);
    }
}

asio::awaitable<void> raw_server::serve(std::list<tcp::socket>::iterator peer, unsigned number)
{
    co_await behaviour_(*this, *peer, number);
    peers_.erase(peer);
}

asio::awaitable<bool> read_request(raw_server& server, tcp::socket& peer)
{
    std::string text;
    const auto [error, head_size] =
        co_await asio::async_read_until(peer, asio::dynamic_buffer(text), "\r\n\r\n", as_result);
    if (error)
        co_return false;
    const auto whole = head_size + content_length(text);
    if (text.size() < whole) {
        const auto [failed, size] = co_await asio::async_read(
            peer, asio::dynamic_buffer(text), asio::transfer_exactly(whole - text.size()), as_result);
        if (failed)
            co_return false;
    }
    server.requests.push_back(std::move(text));
    co_return true;
}

asio::awaitable<void> write(tcp::socket& peer, std::string bytes)
{
    (void)co_await asio::async_write(peer, asio::buffer(bytes), as_result);
}

asio::awaitable<void> hang(tcp::socket& peer)
{
    char byte = 0;
    for (;;) {
        const auto [error, size] = co_await peer.async_read_some(asio::buffer(&byte, 1), as_result);
        if (error)
            co_return;
    }
}

script answer_always(std::string response)
{
    return [response = std::move(response)](raw_server& server, tcp::socket& peer, unsigned) {
        return answer_requests(server, peer, response, false);
    };
}

script answer_once(std::string response)
{
    return [response = std::move(response)](raw_server& server, tcp::socket& peer, unsigned) {
        return answer_requests(server, peer, response, true);
    };
}

script answer_and_hang(std::string response)
{
    return [response = std::move(response)](raw_server& server, tcp::socket& peer, unsigned) {
        return answer_then_hang(server, peer, response);
    };
}

http::lookup_answer name_list::addresses(std::initializer_list<const char*> list)
{
    http::lookup_answer answer;
    for (const auto* const address : list)
        answer.addresses.push_back(asio::ip::make_address(address));
    return answer;
}

http::client_options loopback_options()
{
    http::client_options options;
    options.policy = http::address_policy::loopback();
    options.user_agent = "test";
    return options;
}

client_fixture::client_fixture(const http::client_options& options)
{
    client.emplace(loop.get_executor(), options);
}

client_fixture::~client_fixture()
{
    if (client)
        client->stop();
    for (auto& server : servers_)
        server.stop();
    loop.restart();
    loop.run_for(std::chrono::seconds(5));
    CHECK(loop.stopped()); // nothing was left to do
}

raw_server& client_fixture::serve(script behaviour, const char* address, std::uint16_t port)
{
    return servers_.emplace_back(loop, std::move(behaviour), address, port);
}

http::exchange client_fixture::post(std::string url, http::exchange_limits limits)
{
    const auto slot = begin(std::move(url), limits);
    run_until([&] { return slot->has_value(); });
    return **slot;
}

std::shared_ptr<std::optional<http::exchange>> client_fixture::begin(std::string url,
                                                                     http::exchange_limits limits)
{
    auto slot = std::make_shared<std::optional<http::exchange>>();
    asio::co_spawn(loop, post_into(*client, slot, std::move(url), limits), asio::detached);
    return slot;
}

void client_fixture::run_until(const std::function<bool()>& done)
{
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    loop.restart();
    while (!done()) {
        REQUIRE(std::chrono::steady_clock::now() < give_up);
        loop.run_one_for(std::chrono::milliseconds(50));
        loop.restart();
    }
}

} // namespace client_test
