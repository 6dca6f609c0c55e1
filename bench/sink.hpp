#pragma once

#include "bench/conduct.hpp"

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

// Callbacks at one or more origins that all do the same. They read no more of a request than its length and
// webhook-id. Only the thread that runs their loop may use them.
class sink
{
public:
    // Listens at `origins` ports, each of an address of its own from 127.0.0.1 on. Throws
    // boost::system::system_error when it cannot.
    explicit sink(boost::asio::io_context& loop, conduct how = conduct::takes, std::size_t origins = 1);
    sink(const sink&) = delete;
    sink& operator=(const sink&) = delete;

    // As "http://127.0.0.1:40000".
    std::vector<std::string> origins() const;

    // What was answered with 204, and when it came.
    const std::vector<arrival>& arrivals() const { return arrivals_; }

    // How many POSTs came in all.
    std::size_t posts() const { return posts_; }

private:
    struct connection;
    void accept(boost::asio::ip::tcp::acceptor& from);

    boost::asio::io_context& loop_;
    conduct how_;
    std::vector<boost::asio::ip::tcp::acceptor> acceptors_;
    std::vector<arrival> arrivals_;
    std::size_t posts_ = 0;
};

} // namespace bench
