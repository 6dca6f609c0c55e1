#include "bench/sink.hpp"

#include "bench/message_size.hpp"
#include "bench/samples.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <memory>

namespace bench {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr std::string_view answer = "HTTP/1.1 204 No Content\r\n\r\n";

} // namespace

struct sink::connection : std::enable_shared_from_this<connection>
{
    connection(sink& counts, tcp::socket peer) : owner(counts), socket(std::move(peer)) {}

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
        owner.arrivals_.push_back({std::string(webhook_id(text)), now_ns()});
        size = 0;
        asio::async_write(socket, asio::buffer(answer),
                          [self = shared_from_this()](const boost::system::error_code& error, std::size_t) {
                              if (!error)
                                  self->read();
                          });
    }

    sink& owner;
    tcp::socket socket;
    std::array<char, 8'192> held{};
    std::size_t size = 0;
};

sink::sink(asio::io_context& loop) : acceptor_(loop, {asio::ip::address_v4::loopback(), 0})
{
    accept();
}

void sink::accept()
{
    acceptor_.async_accept([this](const boost::system::error_code& error, tcp::socket peer) {
        if (error)
            return;
        peer.set_option(tcp::no_delay(true));
        std::make_shared<connection>(*this, std::move(peer))->read();
        accept();
    });
}

} // namespace bench
