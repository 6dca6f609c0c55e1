#pragma once

#include "common/http/request_parser.hpp"
#include "common/http/responder.hpp"
#include "common/http/serialize.hpp"
#include "common/http/server.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <chrono>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace http {

class session;

// What the sessions of one server share with it. Lives as long as any of them.
struct session_host
{
    session_host(const boost::asio::any_io_executor& loop, server_options bounds, std::vector<route> served,
                 runtime::log& out)
        : options(std::move(bounds)),
          log(&out),
          answers(std::move(served), options.on_refused, log),
          emptied(loop)
    {}

    server_options options;
    runtime::log* log; // null once the server is gone: a handler that hangs may outlive it
    responder answers;
    runtime::system_clock clock;
    date_line date;
    bool stopping = false;
    std::list<session*> sessions;
    boost::asio::steady_timer emptied; // cancelled when the last session leaves
};

// One connection: reads a request, has it answered, writes the answer, begins again. It owns itself through
// serve(). No operation has a timer of its own: there is one deadline, moved as the session goes on, and the
// server's sweeper calls sweep(). All functions on the loop.
class session
{
public:
    session(std::shared_ptr<session_host> host, boost::asio::ip::tcp::socket socket);
    ~session();

    session(const session&) = delete;
    session& operator=(const session&) = delete;

    // Runs until the connection is closed.
    static boost::asio::awaitable<void> serve(std::shared_ptr<session> self);

    // Ends what is late at `now`: a request that does not come is answered with 408, all else is closed.
    void sweep(std::chrono::steady_clock::time_point now);

    // Closes the connection if no byte of a request has come.
    void close_if_idle();

    // Closes the connection at once, and leaves the server.
    void abort();

private:
    enum class phase { idle, reading, handling, writing, lingering };

    void enter(phase next, std::chrono::steady_clock::duration time);
    void leave();
    void feed();
    boost::asio::awaitable<bool> exchange();
    boost::asio::awaitable<bool> receive();
    boost::asio::awaitable<bool> read_more();
    boost::asio::awaitable<response> answer();
    boost::asio::awaitable<bool> send(const response& what, bool close);
    boost::asio::awaitable<void> linger();

    std::shared_ptr<session_host> host_;
    boost::asio::ip::tcp::socket socket_;
    std::optional<std::list<session*>::iterator> place_; // among the host's sessions
    boost::beast::flat_buffer buffer_;
    request_parser parser_;
    std::optional<refusal> refused_;
    std::string out_;
    phase phase_ = phase::idle;
    bool late_ = false;
    std::chrono::steady_clock::time_point deadline_;
};

} // namespace http
