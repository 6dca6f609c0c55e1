#include "common/runtime/command_line.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/write.hpp>

#include <chrono>
#include <iostream>
#include <string>
#include <utility>

namespace runtime {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr auto as_result = asio::as_tuple(asio::deferred);
constexpr std::chrono::seconds deadline{3};
constexpr std::size_t status_line_bytes_max = 256;

// Where a service that listens on `address` answers on this machine.
tcp::endpoint reachable(const listen_address& address)
{
    const auto host = asio::ip::make_address(address.host);
    if (!host.is_unspecified()) {
        return {host, address.port};
    }
    if (host.is_v6()) {
        return {asio::ip::address_v6::loopback(), address.port};
    }
    return {asio::ip::address_v4::loopback(), address.port};
}

// Leaves in `answer` the status line, or why there is none.
asio::awaitable<void> ask(tcp::endpoint peer, std::string& answer)
{
    tcp::socket socket(co_await asio::this_coro::executor);
    const auto [connect_failure] = co_await socket.async_connect(peer, as_result);
    if (connect_failure) {
        answer = connect_failure.message();
        co_return;
    }
    const std::string request = "GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    const auto [write_failure, written] =
        co_await asio::async_write(socket, asio::buffer(request), as_result);
    if (write_failure) {
        answer = write_failure.message();
        co_return;
    }
    std::string head;
    auto buffer = asio::dynamic_buffer(head, status_line_bytes_max);
    const auto [read_failure, size] = co_await asio::async_read_until(socket, buffer, "\r\n", as_result);
    answer = read_failure ? read_failure.message() : head.substr(0, size - 2);
}

} // namespace

int healthcheck(const listen_address& address)
{
    std::string answer = "no answer within 3 s";
    asio::io_context loop;
    asio::co_spawn(loop, ask(reachable(address), answer), asio::detached);
    loop.run_for(deadline);
    if (answer.starts_with("HTTP/1.1 200 ")) {
        return 0;
    }
    std::cerr << "http://" << address.to_string() << "/readyz: " << answer << '\n';
    return 1;
}

} // namespace runtime
