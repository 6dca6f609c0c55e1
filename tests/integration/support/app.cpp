#include "tests/integration/support/app.hpp"

#include "common/webhook/verify.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <optional>
#include <stdexcept>

namespace integration {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

namespace {

constexpr auto as_result = asio::as_tuple(asio::deferred);

// Takes a request's head apart. Answers with the length of the body that follows.
std::size_t read_head(std::string_view head, app_post& post)
{
    std::size_t body_bytes = 0;
    const auto target_at = head.find(' ') + 1;
    post.target = head.substr(target_at, head.find(' ', target_at) - target_at);
    for (auto at = head.find("\r\n"); at + 2 < head.size(); at = head.find("\r\n", at + 2)) {
        const auto line = head.substr(at + 2, head.find("\r\n", at + 2) - at - 2);
        const auto colon = line.find(": ");
        if (colon == std::string_view::npos)
            continue;
        std::string name(line.substr(0, colon));
        std::transform(name.begin(), name.end(), name.begin(),
                       [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        const std::string value(line.substr(colon + 2));
        if (name == "content-length")
            body_bytes = std::stoul(value);
        post.fields.push_back({name, value});
    }
    return body_bytes;
}

} // namespace

std::vector<std::string_view> app_post::values(std::string_view name) const
{
    std::vector<std::string_view> found;
    for (const auto& field : fields)
        if (field.name == name)
            found.emplace_back(field.value);
    return found;
}

webhook::event app_post::verified(std::string_view secret) const
{
    auto keys = webhook::secrets::parse(secret);
    const auto now =
        std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
    const webhook::verify_policy strict{.required = webhook::required_scheme::standard,
                                        .skew_max = std::chrono::seconds(60)};
    const webhook::signature_headers signatures{.seed_signature = values("x-signature"),
                                                .seed_timestamp = values("x-signature-timestamp"),
                                                .standard_id = values("webhook-id"),
                                                .standard_timestamp = values("webhook-timestamp"),
                                                .standard_signature = values("webhook-signature")};
    auto seen = webhook::verify(*keys, strict, signatures, body, now);
    if (!seen)
        throw std::runtime_error("not signed: " + seen.error().detail);
    if (!seen->how.seed_secret)
        throw std::runtime_error("not signed in scheme 1");
    return seen->event;
}

app::app(std::uint16_t port, answer status)
    : answer_(std::move(status)),
      acceptor_(loop_, tcp::endpoint(asio::ip::address_v4::loopback(), port))
{
    asio::co_spawn(loop_, accept(), asio::detached);
    thread_ = std::thread([this] { loop_.run(); });
}

app::~app()
{
    loop_.stop();
    thread_.join();
}

std::string app::url() const
{
    return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + "/hook";
}

std::vector<app_post> app::posts() const
{
    const std::lock_guard lock(mutex_);
    return posts_;
}

asio::awaitable<void> app::accept()
{
    for (;;) {
        auto [error, peer] = co_await acceptor_.async_accept(as_result);
        if (error)
            co_return;
        asio::co_spawn(loop_, serve(std::move(peer)), asio::detached);
    }
}

asio::awaitable<void> app::serve(tcp::socket peer)
{
    std::string received;
    for (;;) {
        auto [head_error, head_bytes] =
            co_await asio::async_read_until(peer, asio::dynamic_buffer(received), "\r\n\r\n", as_result);
        if (head_error)
            co_return;
        app_post post;
        const auto end = head_bytes + read_head(std::string_view(received).substr(0, head_bytes), post);
        if (received.size() < end) {
            const auto missing = asio::transfer_exactly(end - received.size());
            auto [error, bytes] =
                co_await asio::async_read(peer, asio::dynamic_buffer(received), missing, as_result);
            if (error)
                co_return;
        }
        post.body = received.substr(head_bytes, end - head_bytes);
        received.erase(0, end);
        const auto status = answer_(post);
        {
            const std::lock_guard lock(mutex_);
            posts_.push_back(std::move(post));
        }
        const auto response =
            "HTTP/1.1 " + std::to_string(status) + " Whatever\r\nContent-Length: 2\r\n\r\nok";
        auto [error, bytes] = co_await asio::async_write(peer, asio::buffer(response), as_result);
        if (error)
            co_return;
    }
}

} // namespace integration
