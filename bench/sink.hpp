#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace bench {

// One webhook as it arrived.
struct arrival
{
    std::string idempotency_key;
    std::int64_t at_ns = 0;
    std::int64_t posted_again = 0; // as the receiver counted, once it had it
};

// A callback that answers 204 to everything and remembers when it came. It reads no more of a request than
// its length and webhook-id.
class sink
{
public:
    explicit sink(boost::asio::io_context& loop);

    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    const std::vector<arrival>& arrivals() const { return arrivals_; }

private:
    struct connection;
    void accept();

    boost::asio::ip::tcp::acceptor acceptor_;
    std::vector<arrival> arrivals_;
};

} // namespace bench
