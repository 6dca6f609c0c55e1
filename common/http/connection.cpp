#include "common/http/connection.hpp"

#include "common/http/tls_context.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/write.hpp>

#include <tuple>

namespace http {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

namespace {

constexpr auto as_result = asio::as_tuple(asio::deferred);

} // namespace

bool operator<(const connection_key& left, const connection_key& right)
{
    return std::tie(left.tls, left.port, left.host, left.address) <
           std::tie(right.tls, right.port, right.host, right.address);
}

connection::connection(const asio::any_io_executor& loop, connection_key key)
    : key_(std::move(key)),
      socket_(loop)
{}

asio::awaitable<boost::system::error_code> connection::connect()
{
    const tcp::endpoint peer(key_.address, key_.port);
    boost::system::error_code error;
    socket_.open(peer.protocol(), error);
    if (error)
        co_return error;
    auto [failed] = co_await socket_.async_connect(peer, as_result);
    if (!failed)
        socket_.set_option(tcp::no_delay(true), failed);
    co_return failed;
}

asio::awaitable<std::optional<std::string>> connection::handshake(asio::ssl::context& context,
                                                                  const url& target)
{
    tls_.emplace(socket_, context);
    expect_host(tls_->native_handle(), target);
    const auto [error] = co_await tls_->async_handshake(asio::ssl::stream_base::client, as_result);
    if (!error)
        co_return std::nullopt;
    co_return handshake_failure(tls_->native_handle(), error);
}

asio::awaitable<boost::system::error_code> connection::write(std::string_view bytes)
{
    const auto buffer = asio::buffer(bytes);
    if (tls_) {
        const auto [error, size] = co_await asio::async_write(*tls_, buffer, as_result);
        co_return error;
    }
    const auto [error, size] = co_await asio::async_write(socket_, buffer, as_result);
    co_return error;
}

asio::awaitable<std::pair<boost::system::error_code, std::size_t>> connection::read_some(std::span<char> into)
{
    const auto buffer = asio::buffer(into.data(), into.size());
    if (tls_) {
        const auto [error, size] = co_await tls_->async_read_some(buffer, as_result);
        co_return std::pair{error, size};
    }
    const auto [error, size] = co_await socket_.async_read_some(buffer, as_result);
    co_return std::pair{error, size};
}

void connection::close()
{
    ++watches_;
    boost::system::error_code ignored;
    socket_.close(ignored);
}

void connection::watch(std::function<void()> on_activity)
{
    const auto watch = ++watches_;
    socket_.async_wait(tcp::socket::wait_read,
                       [weak = weak_from_this(), watch,
                        notify = std::move(on_activity)](const boost::system::error_code& error) {
                           const auto self = weak.lock();
                           if (self && !error && self->watches_ == watch)
                               notify();
                       });
}

void connection::unwatch()
{
    ++watches_;
    boost::system::error_code ignored;
    socket_.cancel(ignored);
}

} // namespace http
