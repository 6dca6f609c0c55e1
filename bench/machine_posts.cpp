#include "bench/machine_posts.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <atomic>
#include <chrono>
#include <thread>

namespace bench {

namespace asio = boost::asio;
namespace beast_http = boost::beast::http;
using asio::ip::tcp;

namespace {

constexpr int connections = 64;
constexpr std::size_t body_bytes = 250; // of a webhook

asio::awaitable<void> serve(tcp::socket socket)
{
    boost::beast::flat_buffer buffer;
    for (;;) {
        beast_http::request<beast_http::string_body> request;
        co_await beast_http::async_read(socket, buffer, request, asio::deferred);
        beast_http::response<beast_http::string_body> response{beast_http::status::ok, 11};
        response.body() = "{}";
        response.prepare_payload();
        co_await beast_http::async_write(socket, response, asio::deferred);
    }
}

asio::awaitable<void> accept_all(tcp::acceptor& acceptor)
{
    for (int i = 0; i < connections; ++i) {
        auto peer = co_await acceptor.async_accept(asio::deferred);
        peer.set_option(tcp::no_delay(true));
        asio::co_spawn(acceptor.get_executor(), serve(std::move(peer)), asio::detached);
    }
}

asio::awaitable<void> post_forever(tcp::socket socket, std::atomic<std::uint64_t>& answered)
{
    boost::beast::flat_buffer buffer;
    beast_http::request<beast_http::string_body> request{beast_http::verb::post, "/", 11};
    request.set(beast_http::field::host, "bench");
    request.body() = std::string(body_bytes, 'x');
    request.prepare_payload();
    for (;;) {
        co_await beast_http::async_write(socket, request, asio::deferred);
        beast_http::response<beast_http::string_body> response;
        co_await beast_http::async_read(socket, buffer, response, asio::deferred);
        answered.fetch_add(1, std::memory_order_relaxed);
    }
}

} // namespace

std::uint64_t count_posts(double seconds)
{
    std::atomic<std::uint64_t> answered{0};
    asio::io_context server_loop{1};
    asio::io_context client_loop{1};
    tcp::acceptor acceptor(server_loop, {asio::ip::address_v4::loopback(), 0});
    asio::co_spawn(server_loop, accept_all(acceptor), asio::detached);
    std::thread server([&] { server_loop.run(); });
    for (int i = 0; i < connections; ++i) {
        tcp::socket socket(client_loop);
        socket.connect(acceptor.local_endpoint());
        socket.set_option(tcp::no_delay(true));
        asio::co_spawn(client_loop, post_forever(std::move(socket), answered), asio::detached);
    }
    client_loop.run_for(
        std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(seconds)));
    server_loop.stop();
    server.join();
    return answered;
}

} // namespace bench
