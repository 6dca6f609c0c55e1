#pragma once

#include "common/http/client.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace client_test {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

// What a raw server does with its n-th connection (1-based). The connection is closed when it returns.
class raw_server;
using script = std::function<asio::awaitable<void>(raw_server&, tcp::socket&, unsigned number)>;

// A server without manners, on the loop of the test.
class raw_server
{
public:
    raw_server(asio::io_context& loop, script behaviour, const char* address = "127.0.0.1",
               std::uint16_t port = 0);

    std::uint16_t port() const { return port_; }
    std::string url(std::string_view host = "127.0.0.1", std::string_view scheme = "http") const;
    void stop();

    unsigned connections = 0;
    std::vector<std::string> requests; // head and body, in the order they were read

private:
    asio::awaitable<void> accept();
    asio::awaitable<void> serve(std::list<tcp::socket>::iterator peer, unsigned number);

    tcp::acceptor acceptor_;
    std::uint16_t port_;
    script behaviour_;
    std::list<tcp::socket> peers_;
};

// Reads one request into server.requests; false at the end of the connection.
asio::awaitable<bool> read_request(raw_server& server, tcp::socket& peer);

// Writes `bytes`; what becomes of them does not matter.
asio::awaitable<void> write(tcp::socket& peer, std::string bytes);

// Answers each request of a connection with `response`.
script answer_always(std::string response);

// Answers the first request of each connection with `response` and closes.
script answer_once(std::string response);

// Answers the first request of each connection with `response`, then says nothing until the peer closes.
script answer_and_hang(std::string response);

// Waits until the peer closes.
asio::awaitable<void> hang(tcp::socket& peer);

extern const std::string ok; // a 200 with the body "done"

// Answers look-ups from a list that a test changes while the client runs. Thread-safe.
struct name_list
{
    std::atomic<unsigned> asked = 0;
    std::function<http::lookup_answer()> answer;

    static http::lookup_answer addresses(std::initializer_list<const char*> list);
};

http::client_options loopback_options();

// A client on a loop of its own. Ends each test by proving that the loop runs out of work.
class client_fixture
{
public:
    explicit client_fixture(const http::client_options& options = loopback_options());
    ~client_fixture();

    client_fixture(const client_fixture&) = delete;
    client_fixture& operator=(const client_fixture&) = delete;

    raw_server& serve(script behaviour, const char* address = "127.0.0.1", std::uint16_t port = 0);

    // Posts and runs the loop until the answer is there.
    http::exchange post(std::string url, http::exchange_limits limits = {});

    // Begins a post whose answer is looked at later.
    std::shared_ptr<std::optional<http::exchange>> begin(std::string url, http::exchange_limits limits = {});
    void run_until(const std::function<bool()>& done);

    asio::io_context loop;
    std::optional<http::client> client;

private:
    std::list<raw_server> servers_;
};

} // namespace client_test
