#include "common/http/session.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/read_size.hpp>

#include <algorithm>
#include <array>
#include <exception>

namespace http {

namespace asio = boost::asio;
using std::chrono::steady_clock;

namespace {

constexpr auto as_result = asio::as_tuple(asio::deferred);

constexpr std::size_t read_bytes_usual = 8'192; // a request in one recv; kept for the next one
constexpr std::size_t out_bytes_kept_max = 65'536;

// What a client may still send after the last answer while it has not read it: closing a socket with unread
// bytes resets the connection, and the answer would be lost with it.
constexpr std::size_t linger_bytes_max = 2'097'152;
constexpr std::chrono::seconds linger_time{2};

constexpr std::string_view unsendable = "the response has a status or a header that cannot be sent";
constexpr std::string_view continue_line = "HTTP/1.1 100 Continue\r\n\r\n";

std::string name_of(const asio::ip::tcp::socket& socket)
{
    boost::system::error_code ec;
    const auto peer = socket.remote_endpoint(ec);
    if (ec)
        return "unknown"; // it is gone already
    const auto port = ":" + std::to_string(peer.port());
    return peer.address().is_v6() ? "[" + peer.address().to_string() + "]" + port
                                  : peer.address().to_string() + port;
}

} // namespace

session::session(std::shared_ptr<session_host> host, asio::ip::tcp::socket socket)
    : host_(std::move(host)),
      socket_(std::move(socket)),
      place_(host_->sessions.insert(host_->sessions.end(), this)),
      buffer_(std::max(host_->options.header_bytes_max, read_bytes_usual)),
      parser_({host_->options.header_bytes_max, host_->options.body_bytes_max})
{
    parser_.message().remote = name_of(socket_);
    enter(phase::idle, std::min(host_->options.request_timeout, host_->options.idle_timeout));
}

session::~session()
{
    leave();
}

void session::leave()
{
    if (!place_)
        return;
    host_->sessions.erase(*place_);
    place_.reset();
    if (host_->sessions.empty())
        host_->emptied.cancel();
}

void session::abort()
{
    boost::system::error_code ignored;
    socket_.close(ignored);
    leave();
}

void session::close_if_idle()
{
    boost::system::error_code ignored;
    if (phase_ == phase::idle)
        socket_.close(ignored);
}

void session::sweep(steady_clock::time_point now)
{
    if (now < deadline_)
        return;
    deadline_ = steady_clock::time_point::max();
    late_ = true;
    boost::system::error_code ignored;
    if (phase_ == phase::reading)
        socket_.cancel(ignored);
    else
        socket_.close(ignored);
}

void session::enter(phase next, steady_clock::duration time)
{
    phase_ = next;
    late_ = false;
    deadline_ = steady_clock::now() + time;
}

asio::awaitable<void> session::serve(std::shared_ptr<session> self)
{
    try {
        self->buffer_.reserve(read_bytes_usual);
        while (co_await self->exchange())
            self->enter(phase::idle, self->host_->options.idle_timeout);
    }
    catch (const std::exception& problem) {
        if (self->host_->log != nullptr)
            self->host_->log->error("session_failed", {{"error", problem.what()}});
    }
    self->abort();
}

// One request and its answer. False when the connection is at its end.
asio::awaitable<bool> session::exchange()
{
    if (!co_await receive())
        co_return false;
    response what;
    if (refused_) {
        what = host_->answers.refuse(parser_.message(), refused_->status, refused_->detail);
    }
    else {
        what = co_await answer();
    }
    const bool close = refused_ || !parser_.keep_alive() || host_->stopping;
    if (!co_await send(what, close))
        co_return false;
    if (close) {
        co_await linger();
        co_return false;
    }
    parser_.next();
    co_return true;
}

// Gives the parser what the buffer holds.
void session::feed()
{
    const auto held = buffer_.data();
    buffer_.consume(parser_.feed({static_cast<const char*>(held.data()), held.size()}));
    refused_ = parser_.refused();
    const bool begun = buffer_.size() > 0 || parser_.in_body();
    if (begun && phase_ == phase::idle)
        enter(phase::reading, host_->options.request_timeout);
}

// Reads until a request is complete or refused. False when the connection ended, or was idle for too long.
asio::awaitable<bool> session::receive()
{
    if (buffer_.size() > 0)
        feed();
    while (!parser_.complete() && !refused_) {
        if (phase_ == phase::idle && host_->stopping)
            co_return false;
        if (buffer_.size() == 0 && parser_.take_expectation()) {
            // Named, in braces: GCC 12 traps at run time on a temporary in a bare `if (...) co_await ...`.
            const auto line = asio::buffer(continue_line);
            co_await asio::async_write(socket_, line, as_result);
        }
        if (!co_await read_more())
            co_return false;
    }
    co_return true;
}

// Reads once. False when nothing can be answered any more.
asio::awaitable<bool> session::read_more()
{
    boost::system::error_code failed = asio::error::operation_aborted;
    if (!late_) {
        const auto space = buffer_.prepare(boost::beast::read_size(buffer_, read_bytes_usual));
        const auto [ec, bytes] = co_await socket_.async_read_some(space, as_result);
        buffer_.commit(bytes);
        failed = ec;
    }
    if (!failed)
        feed();
    else if (phase_ != phase::reading || !socket_.is_open())
        co_return false;
    else if (late_)
        refused_ = refusal{408, "The request did not arrive in time."};
    else if (failed == asio::error::eof)
        refused_ = refusal{400, "The request ended before it was complete."};
    co_return !failed || refused_.has_value();
}

asio::awaitable<response> session::answer()
{
    phase_ = phase::handling;
    deadline_ = steady_clock::time_point::max(); // handlers bound their own waits
    return host_->answers.answer(parser_.message(), parser_.target());
}

asio::awaitable<bool> session::send(const response& what, bool close)
{
    const response_framing how{parser_.message().method == "HEAD", close, host_->date.at(host_->clock.now())};
    if (!serialize(out_, what, how))
        serialize(out_, host_->answers.fail(parser_.message(), unsendable), how);
    enter(phase::writing, host_->options.request_timeout);
    const auto [ec, bytes] = co_await asio::async_write(socket_, asio::buffer(out_), as_result);
    if (out_.capacity() > out_bytes_kept_max)
        out_ = {};
    co_return !ec;
}

// Says that nothing more comes, and reads what the client still sends, within bounds, so that it can read.
asio::awaitable<void> session::linger()
{
    enter(phase::lingering, linger_time);
    boost::system::error_code ignored;
    socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    buffer_.consume(buffer_.size());
    for (std::size_t left = linger_bytes_max; left > 0;) {
        const auto space = buffer_.prepare(read_bytes_usual);
        const auto [ec, bytes] = co_await socket_.async_read_some(space, as_result);
        if (ec)
            break;
        left -= std::min(left, bytes);
    }
}

} // namespace http
