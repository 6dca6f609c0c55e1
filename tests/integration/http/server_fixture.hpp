#pragma once

#include "common/http/server.hpp"
#include "common/runtime/log.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace server_tests {

// No wait in these tests is longer; none but a failing test gets there.
inline constexpr std::chrono::seconds patience{10};

// A client that sends what it is told and reads bytes, so that a test sees exactly what is on the wire.
class raw_client
{
public:
    explicit raw_client(std::uint16_t port);
    ~raw_client();

    raw_client(const raw_client&) = delete;
    raw_client& operator=(const raw_client&) = delete;

    // Sends all of it; what the peer's closing cuts off is dropped.
    void send(std::string_view bytes) const;
    void half_close() const;

    // Has something to read come, or comes it, within `time`?
    bool readable(std::chrono::milliseconds time) const;

    // The next response with its body by Content-Length (none for a 204, a 1xx or when `head_only`); what
    // there was of it, when the connection ends or nothing comes.
    std::string response(bool head_only = false);

    // Everything until the connection ends.
    std::string rest();

    // Did the peer close (rather than reset) the connection, with nothing more to read?
    bool closed();

private:
    enum class outcome { bytes, end, reset, nothing };
    outcome receive();

    int socket_;
    std::string held_;
};

unsigned status_of(std::string_view response);
std::string body_of(std::string_view response);

// The server on a loop and a thread of its own.
class fixture
{
public:
    explicit fixture(http::server_options options = {});
    ~fixture();

    fixture(const fixture&) = delete;
    fixture& operator=(const fixture&) = delete;

    std::uint16_t port() const { return port_; }
    int handled() const { return handled_; } // requests that reached a handler
    std::vector<unsigned> refused();         // statuses that on_refused was told
    std::string logged();

    // Begins the ordered stop; the future is ready when it is complete.
    std::future<void> stop(std::chrono::milliseconds grace);

    // Lets the handlers that hang at /hang go on.
    void release();

    // Has the loop run out of work?
    bool ran_out();

    // Waits until as many requests hang at /hang.
    void await_hanging(int count);

    // Connections as the server counts them.
    std::size_t connections();

private:
    std::vector<http::route> routes();
    static boost::asio::awaitable<http::response> hang(fixture& self);

    boost::asio::io_context context_{1};
    runtime::system_clock clock_;
    std::mutex mutex_;
    std::string log_text_;
    std::vector<unsigned> refused_;
    runtime::log log_;
    std::atomic<int> handled_{0};
    std::atomic<int> hanging_{0};
    boost::asio::steady_timer gate_;
    std::unique_ptr<http::server> server_;
    std::uint16_t port_ = 0;
    std::promise<void> finished_;
    std::future<void> ran_out_;
    std::thread thread_;
};

} // namespace server_tests
