#pragma once

#include "common/http/transport.hpp"
#include "tests/sim/network.hpp"
#include "tests/sim/wire_watch.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <string>

namespace sim {

// The transport of one life of a service, over the simulated network.
class transport final : public http::transport
{
public:
    transport(boost::asio::any_io_executor loop, network& wire, std::string from, wire_watch& watching)
        : loop_(std::move(loop)),
          network_(wire),
          from_(std::move(from)),
          watch_(watching)
    {}

    boost::asio::awaitable<http::exchange> post(http::outgoing message,
                                                http::exchange_limits limits) override;

private:
    boost::asio::any_io_executor loop_;
    network& network_;
    std::string from_;
    wire_watch& watch_;
};

} // namespace sim
