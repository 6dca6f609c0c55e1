#include "common/http/server.hpp"

#include "common/http/session.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>

namespace http {

namespace asio = boost::asio;
using asio::ip::tcp;
using std::chrono::steady_clock;

namespace {

constexpr auto as_result = asio::as_tuple(asio::deferred);

// After EMFILE and its like: long enough for something to be closed, short enough for nobody to notice.
constexpr std::chrono::milliseconds accept_pause{50};
constexpr std::chrono::seconds accept_log_pause{1};

// A deadline is noticed this much late at most: an eighth of the shortest one, within these bounds.
constexpr std::chrono::milliseconds sweep_pause_min{10};
constexpr std::chrono::milliseconds sweep_pause_max{500};

std::chrono::milliseconds sweep_pause(const server_options& options)
{
    const auto shortest = std::min(options.request_timeout, options.idle_timeout);
    return std::clamp(shortest / 8, sweep_pause_min, sweep_pause_max);
}

} // namespace

struct server::state
{
    state(asio::any_io_executor on, const tcp::endpoint& endpoint, server_options options,
          std::vector<route> routes, runtime::log& log);

    static asio::awaitable<void> accept_all(std::shared_ptr<state> self);
    static asio::awaitable<void> sweep_all(std::shared_ptr<state> self);
    void admit(tcp::socket socket);
    void log_at_times(std::string_view event, std::string_view error);
    void close_listener();
    void close_all();

    asio::any_io_executor loop;
    std::shared_ptr<session_host> host;
    tcp::acceptor acceptor;
    asio::steady_timer sweeper;
    asio::steady_timer pauser;
    bool closed = false;
    steady_clock::time_point log_again_at = steady_clock::time_point::min();
};

server::state::state(asio::any_io_executor on, const tcp::endpoint& endpoint, server_options options,
                     std::vector<route> routes, runtime::log& log)
    : loop(std::move(on)),
      host(std::make_shared<session_host>(loop, std::move(options), std::move(routes), log)),
      acceptor(loop),
      sweeper(loop),
      pauser(loop)
{
    acceptor.open(endpoint.protocol());
    acceptor.set_option(tcp::acceptor::reuse_address(true));
    acceptor.bind(endpoint);
    acceptor.listen(tcp::acceptor::max_listen_connections);
}

asio::awaitable<void> server::state::accept_all(std::shared_ptr<state> self)
{
    while (self->acceptor.is_open()) {
        auto [ec, socket] = co_await self->acceptor.async_accept(as_result);
        if (!self->acceptor.is_open())
            break;
        if (!ec) {
            self->admit(std::move(socket));
        }
        else if (ec != asio::error::connection_aborted) {
            self->log_at_times("accept_failed", ec.message());
            self->pauser.expires_after(accept_pause);
            co_await self->pauser.async_wait(as_result);
        }
    }
}

void server::state::admit(tcp::socket socket)
{
    if (host->sessions.size() >= host->options.connections_max) {
        log_at_times("connection_refused", "as many connections are open as are allowed");
        return; // closes it
    }
    boost::system::error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    auto guest = std::make_shared<session>(host, std::move(socket));
    asio::co_spawn(loop, session::serve(std::move(guest)), asio::detached);
}

void server::state::log_at_times(std::string_view event, std::string_view error)
{
    const auto now = steady_clock::now();
    if (now < log_again_at)
        return;
    log_again_at = now + accept_log_pause;
    host->log->warn(event, {{"error", error}});
}

asio::awaitable<void> server::state::sweep_all(std::shared_ptr<state> self)
{
    const auto pause = sweep_pause(self->host->options);
    while (!self->closed) {
        self->sweeper.expires_after(pause);
        co_await self->sweeper.async_wait(as_result);
        const auto now = steady_clock::now();
        for (auto* const each : self->host->sessions)
            each->sweep(now);
    }
}

void server::state::close_listener()
{
    boost::system::error_code ignored;
    acceptor.close(ignored);
    pauser.cancel();
    host->stopping = true;
}

void server::state::close_all()
{
    while (!host->sessions.empty())
        host->sessions.front()->abort();
    closed = true;
    sweeper.cancel();
}

server::server(asio::any_io_executor loop, const tcp::endpoint& endpoint, server_options options,
               std::vector<route> routes, runtime::log& log)
    : state_(std::make_shared<state>(std::move(loop), endpoint, std::move(options), std::move(routes), log))
{}

server::~server()
{
    state_->close_listener();
    state_->close_all();
    state_->host->log = nullptr;
}

tcp::endpoint server::endpoint() const
{
    return state_->acceptor.local_endpoint();
}

std::size_t server::connections() const
{
    return state_->host->sessions.size();
}

void server::start()
{
    asio::co_spawn(state_->loop, state::accept_all(state_), asio::detached);
    asio::co_spawn(state_->loop, state::sweep_all(state_), asio::detached);
}

asio::awaitable<void> server::stop(std::chrono::milliseconds grace)
{
    const auto self = state_; // what is awaited here may outlive the server
    const auto& host = self->host;
    self->close_listener();
    for (auto* const each : host->sessions)
        each->close_if_idle();
    const auto deadline = steady_clock::now() + grace;
    while (!host->sessions.empty() && steady_clock::now() < deadline) {
        host->emptied.expires_at(deadline);
        co_await host->emptied.async_wait(as_result);
    }
    self->close_all();
}

} // namespace http
