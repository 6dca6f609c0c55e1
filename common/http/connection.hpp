#pragma once

#include "common/http/url.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace http {

// What must be equal for a connection to be used again: whom it was opened for, and the address that was
// judged before it was opened.
struct connection_key
{
    bool tls = false;
    std::string host;
    std::uint16_t port = 0;
    boost::asio::ip::address address;

    connection_key(const url& target, boost::asio::ip::address judged)
        : tls(target.tls),
          host(target.host),
          port(target.port),
          address(std::move(judged))
    {}

    friend bool operator<(const connection_key& left, const connection_key& right);
};

// One outgoing connection, plain or TLS, on one single-threaded loop. close() makes what is under way end
// with an error.
class connection : public std::enable_shared_from_this<connection>
{
public:
    connection(const boost::asio::any_io_executor& loop, connection_key key);

    const connection_key& key() const { return key_; }

    // Connects to exactly the address of the key.
    boost::asio::awaitable<boost::system::error_code> connect();

    // Does the TLS handshake as expect_host() wants it; answers with the reason, for people, when it failed.
    boost::asio::awaitable<std::optional<std::string>> handshake(boost::asio::ssl::context& context,
                                                                 const url& target);

    // Writes all of `bytes`, which must live until then.
    boost::asio::awaitable<boost::system::error_code> write(std::string_view bytes);

    // Reads what has come, at least one byte unless there is an error (eof: the peer has closed).
    boost::asio::awaitable<std::pair<boost::system::error_code, std::size_t>> read_some(std::span<char> into);

    void close();

    // Until unwatch() or close(), calls `on_activity` once when the peer closes, or sends what nobody asked
    // for. Not while anything else is under way.
    void watch(std::function<void()> on_activity);
    void unwatch();

private:
    connection_key key_;
    boost::asio::ip::tcp::socket socket_;
    std::optional<boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>> tls_;
    std::uint64_t watches_ = 0; // tells a watch from an earlier one whose handler is queued already
};

} // namespace http
