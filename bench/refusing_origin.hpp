#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <string>

namespace bench {

// An origin that refuses connections: its port is bound, so that nobody else gets it, and not listened on.
class refusing_origin
{
public:
    refusing_origin() : bound_(loop_, boost::asio::ip::tcp::v4())
    {
        bound_.bind({boost::asio::ip::address_v4::loopback(), 0});
    }

    std::string url() const { return "http://127.0.0.1:" + std::to_string(bound_.local_endpoint().port()); }

private:
    boost::asio::io_context loop_{1};
    boost::asio::ip::tcp::acceptor bound_;
};

} // namespace bench
