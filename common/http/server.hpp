#pragma once

#include "common/http/router.hpp"
#include "common/runtime/log.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace http {

struct server_options
{
    std::size_t connections_max = 10'000; // one more is closed at once
    std::size_t body_bytes_max = 65'536;
    std::size_t header_bytes_max = 16'384;
    std::chrono::milliseconds request_timeout{10'000}; // head and body
    std::chrono::milliseconds idle_timeout{60'000};    // between requests

    // Told of each request that was refused for its framing, size, slowness or target before a handler saw
    // it, with the status and the detail answered. Unknown paths and methods (404, 405) are not among them.
    std::function<void(const std::string& remote, unsigned status, const std::string& detail)> on_refused;
};

// An HTTP/1.1 server on one single-threaded loop. Everything that is not plain HTTP/1.1 is refused before a
// handler runs: with its own status where HTTP has one, else 400, and a closed connection. All functions are
// called on, and all handlers run on, the loop.
class server
{
public:
    // Listens at once. Throws boost::system::system_error when `endpoint` cannot be had. Port 0 takes a free
    // one.
    server(boost::asio::any_io_executor loop, const boost::asio::ip::tcp::endpoint& endpoint,
           server_options options, std::vector<route> routes, runtime::log& log);
    ~server();

    server(const server&) = delete;
    server& operator=(const server&) = delete;

    // Where it listens, with the port that it took. Throws after stop().
    boost::asio::ip::tcp::endpoint endpoint() const;

    // How many connections are open.
    std::size_t connections() const;

    // Starts to accept connections.
    void start();

    // Closes the listener and the idle connections, answers what is being served with Connection: close,
    // and completes when the last connection is gone, or has been closed because `grace` had passed. After
    // that nothing of the server keeps the loop running; a handler that still waits for something of its own
    // does, and its answer is dropped. Called once.
    boost::asio::awaitable<void> stop(std::chrono::milliseconds grace);

private:
    struct state;
    std::shared_ptr<state> state_;
};

} // namespace http
