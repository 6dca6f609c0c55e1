#pragma once

#include "common/http/address_policy.hpp"
#include "common/http/resolver.hpp"
#include "common/http/transport.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace http {

struct client_options
{
    address_policy policy;
    std::string ca_file; // trusted besides the system's authorities; empty for none
    std::string user_agent = "waiting-room-sender";
    std::size_t idle_connections_max = 1'024;
    std::chrono::seconds idle_timeout{30};
    resolver_options names;
};

// The network side of transport: resolves, judges every address, connects to exactly what was judged,
// keeps connections for reuse by scheme, name, port and that address. Follows no redirect, reads no proxy
// setting, verifies every certificate. All functions are called on `loop`, which is single-threaded and
// outlives the client.
class client final : public transport
{
public:
    // Throws std::runtime_error naming `ca_file` when it cannot be read.
    client(boost::asio::any_io_executor loop, const client_options& options);

    // Aborts what is under way.
    ~client() override;

    client(const client&) = delete;
    client& operator=(const client&) = delete;

    // Throws std::invalid_argument when a header of `message` would split the request. A URL that
    // parse_url() refuses is a refused_address.
    boost::asio::awaitable<exchange> post(outgoing message, exchange_limits limits) override;

    // Closes the idle connections, and every other one when its exchange ends, so that the loop runs out of
    // work. Exchanges under way go on, and new ones may begin. Does not wait for look-ups.
    void stop();

    // Stops, and ends what is under way at once: each exchange, and each that is asked for later, answers
    // with `timeout`, unless its response's head had come.
    void abort();

private:
    struct state;
    std::shared_ptr<state> state_;
};

} // namespace http
