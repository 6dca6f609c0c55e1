#include "tests/integration/http/server_fixture.hpp"

#include "common/runtime/errors.hpp"
#include "tests/catch.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>

#include <arpa/inet.h>
#include <array>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace server_tests {

namespace asio = boost::asio;

raw_client::raw_client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    sockaddr_in peer{};
    peer.sin_family = AF_INET;
    peer.sin_port = htons(port);
    peer.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&peer), sizeof peer) != 0)
        throw std::runtime_error("cannot connect to the server under test");
}

raw_client::~raw_client()
{
    ::close(socket_);
}

void raw_client::send(std::string_view bytes) const
{
    while (!bytes.empty()) {
        const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

void raw_client::half_close() const
{
    ::shutdown(socket_, SHUT_WR);
}

bool raw_client::readable(std::chrono::milliseconds time) const
{
    pollfd waiting{socket_, POLLIN, 0};
    return ::poll(&waiting, 1, static_cast<int>(time.count())) > 0;
}

raw_client::outcome raw_client::receive()
{
    if (!readable(patience))
        return outcome::nothing;
    std::array<char, 65'536> piece{};
    const auto got = ::recv(socket_, piece.data(), piece.size(), 0);
    if (got > 0)
        held_.append(piece.data(), static_cast<std::size_t>(got));
    return got > 0 ? outcome::bytes : got == 0 ? outcome::end : outcome::reset;
}

std::string raw_client::response(bool head_only)
{
    constexpr std::string_view name = "Content-Length: ";
    constexpr std::size_t digits_max = 20;
    for (;;) {
        const auto head_end = held_.find("\r\n\r\n");
        if (head_end != std::string::npos) {
            const auto length_at = held_.find(name);
            const bool sized = !head_only && length_at < head_end;
            const auto size =
                head_end + 4 + (sized ? std::stoul(held_.substr(length_at + name.size(), digits_max)) : 0);
            if (held_.size() >= size) {
                auto whole = held_.substr(0, size);
                held_.erase(0, size);
                return whole;
            }
        }
        if (receive() != outcome::bytes)
            return std::exchange(held_, {});
    }
}

std::string raw_client::rest()
{
    while (receive() == outcome::bytes)
        continue;
    return std::exchange(held_, {});
}

bool raw_client::closed()
{
    return held_.empty() && receive() == outcome::end;
}

unsigned status_of(std::string_view response)
{
    constexpr std::string_view start = "HTTP/1.1 ";
    if (!response.starts_with(start))
        return 0;
    return static_cast<unsigned>(std::stoul(std::string(response.substr(start.size(), 3))));
}

std::string body_of(std::string_view response)
{
    const auto head_end = response.find("\r\n\r\n");
    return head_end == std::string_view::npos ? "" : std::string(response.substr(head_end + 4));
}

fixture::fixture(http::server_options options)
    : log_(clock_, runtime::log_level::warn, runtime::log_format::text,
           [this](std::string_view line) {
               const std::scoped_lock lock{mutex_};
               log_text_ += line;
           }),
      gate_(context_, asio::steady_timer::time_point::max()),
      ran_out_(finished_.get_future())
{
    options.on_refused = [this](const std::string& remote, unsigned status, const std::string& detail) {
        const std::scoped_lock lock{mutex_};
        if (remote.starts_with("127.0.0.1:") && !detail.empty())
            refused_.push_back(status);
    };
    const asio::ip::tcp::endpoint any_port{asio::ip::address_v4::loopback(), 0};
    server_ =
        std::make_unique<http::server>(context_.get_executor(), any_port, std::move(options), routes(), log_);
    port_ = server_->endpoint().port();
    server_->start();
    thread_ = std::thread([this] {
        context_.run();
        finished_.set_value();
    });
}

fixture::~fixture()
{
    context_.stop();
    thread_.join();
}

asio::awaitable<http::response> fixture::hang(fixture& self)
{
    constexpr auto as_result = asio::as_tuple(asio::deferred);
    ++self.hanging_;
    co_await self.gate_.async_wait(as_result);
    co_return http::json(200, R"("released")");
}

std::vector<http::route> fixture::routes()
{
    using answer = asio::awaitable<http::response>;
    const auto counted = [this](auto handle) {
        return [this, handle](const http::request& message) {
            ++handled_;
            return handle(message);
        };
    };
    return {
        {"GET", "/", counted([](const http::request&) -> answer { co_return http::json(200, "\"root\""); })},
        {"POST", "/echo",
         counted([](const http::request& message) -> answer { co_return http::json(200, message.body); })},
        {"GET", "/users/{name}", counted([](const http::request& message) -> answer {
             co_return http::json(200, message.path_parameters.at(0));
         })},
        {"DELETE", "/users/{name}",
         counted([](const http::request&) -> answer { co_return http::empty(204); })},
        {"GET", "/hang", counted([this](const http::request&) { return hang(*this); })},
        {"GET", "/large", counted([](const http::request&) -> answer {
             std::string body;
             body.resize(33'554'432, 'x');
             co_return http::json(200, std::move(body));
         })},
        {"GET", "/unavailable", counted([](const http::request&) -> answer {
             throw runtime::unavailable("the queue is full");
             co_return http::empty(204);
         })},
        {"GET", "/throws", counted([](const http::request&) -> answer {
             throw std::runtime_error("the inner reason");
             co_return http::empty(204);
         })},
        {"GET", "/bad-header", counted([](const http::request&) -> answer {
             auto what = http::json(200, "{}");
             what.headers.push_back({"X-Bad", "a\r\nX-Injected: b"});
             co_return what;
         })},
    };
}

std::vector<unsigned> fixture::refused()
{
    const std::scoped_lock lock{mutex_};
    return refused_;
}

std::string fixture::logged()
{
    const std::scoped_lock lock{mutex_};
    return log_text_;
}

std::future<void> fixture::stop(std::chrono::milliseconds grace)
{
    return asio::co_spawn(context_, server_->stop(grace), asio::use_future);
}

void fixture::release()
{
    asio::post(context_, [this] { gate_.cancel(); });
}

bool fixture::ran_out()
{
    return ran_out_.wait_for(patience) == std::future_status::ready;
}

void fixture::await_hanging(int count)
{
    const auto until = std::chrono::steady_clock::now() + patience;
    while (hanging_ < count && std::chrono::steady_clock::now() < until)
        std::this_thread::yield();
    REQUIRE(hanging_ == count);
}

std::size_t fixture::connections()
{
    const auto count = [this]() -> asio::awaitable<std::size_t> { co_return server_->connections(); };
    return asio::co_spawn(context_, count(), asio::use_future).get();
}

} // namespace server_tests
