#include "bench/sink.hpp"

#include "bench/message_size.hpp"
#include "bench/samples.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/socket_base.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <fcntl.h>
#include <memory>
#include <string_view>

namespace bench {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr std::string_view taken = "HTTP/1.1 204 No Content\r\n\r\n";
constexpr std::string_view failed = "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n";
constexpr std::string_view unavailable = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";
constexpr std::string_view endless = "HTTP/1.1 200 OK\r\nX-Drops: "; // and then its last character, for ever
constexpr std::chrono::seconds between_drops{1};

// A daemon that is started later would inherit it, and go on listening when the bench has stopped.
void keep_from_children(tcp::acceptor& listening)
{
    ::fcntl(listening.native_handle(), F_SETFD, FD_CLOEXEC);
}

} // namespace

struct sink::connection : std::enable_shared_from_this<connection>
{
    connection(sink& counts, tcp::socket peer)
        : owner(counts),
          socket(std::move(peer)),
          next_drop(socket.get_executor())
    {}

    void read()
    {
        socket.async_read_some(
            asio::buffer(held.data() + size, held.size() - size),
            [self = shared_from_this()](const boost::system::error_code& error, std::size_t count) {
                if (!error)
                    self->take(count);
            });
    }

    void take(std::size_t count)
    {
        size += count;
        const std::string_view text(held.data(), size);
        const auto whole = message_size(text);
        if (whole == 0 || size < whole)
            return read();
        ++owner.posts_;
        if (owner.how_ == conduct::takes)
            owner.arrivals_.push_back({std::string(webhook_id(text)), now_ns()});
        size = 0;
        behave();
    }

    void behave()
    {
        switch (owner.how_) {
        case conduct::takes:
            return answer(taken);
        case conduct::fails:
            return answer(failed);
        case conduct::unavailable:
            return answer(unavailable);
        case conduct::stalls:
            return read(); // until the other end has had enough
        case conduct::drips:
            return drip();
        case conduct::resets:
            return reset();
        }
    }

    void reset()
    {
        boost::system::error_code gone; // already
        socket.set_option(asio::socket_base::linger(true, 0), gone);
        socket.close(gone);
    }

    void answer(std::string_view text)
    {
        asio::async_write(socket, asio::buffer(text),
                          [self = shared_from_this()](const boost::system::error_code& error, std::size_t) {
                              if (!error)
                                  self->read();
                          });
    }

    void drip()
    {
        drop = endless[std::min(dropped++, endless.size() - 1)];
        asio::async_write(socket, asio::buffer(&drop, 1),
                          [self = shared_from_this()](const boost::system::error_code& error, std::size_t) {
                              if (!error)
                                  self->wait_for_drop();
                          });
    }

    void wait_for_drop()
    {
        next_drop.expires_after(between_drops);
        next_drop.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
            if (!error)
                self->drip();
        });
    }

    sink& owner;
    tcp::socket socket;
    asio::steady_timer next_drop;
    std::array<char, 8'192> held{};
    std::size_t size = 0;
    std::size_t dropped = 0;
    char drop = 0;
};

sink::sink(asio::io_context& loop, conduct how, std::size_t origins) : loop_(loop), how_(how)
{
    acceptors_.reserve(origins); // they are referred to
    for (std::size_t i = 0; i < origins; ++i) {
        const asio::ip::address_v4 address(asio::ip::address_v4::loopback().to_uint() +
                                           static_cast<asio::ip::address_v4::uint_type>(i));
        auto& listening = acceptors_.emplace_back(loop_, tcp::endpoint{address, 0});
        keep_from_children(listening);
        accept(listening);
    }
}

std::vector<std::string> sink::origins() const
{
    std::vector<std::string> urls;
    urls.reserve(acceptors_.size());
    for (const auto& listening : acceptors_) {
        const auto at = listening.local_endpoint();
        urls.push_back("http://" + at.address().to_string() + ':' + std::to_string(at.port()));
    }
    return urls;
}

void sink::accept(tcp::acceptor& from)
{
    from.async_accept([this, &from](const boost::system::error_code& error, tcp::socket peer) {
        if (error)
            return;
        boost::system::error_code gone; // already
        peer.set_option(tcp::no_delay(true), gone);
        std::make_shared<connection>(*this, std::move(peer))->read();
        accept(from);
    });
}

} // namespace bench
