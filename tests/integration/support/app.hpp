#pragma once

#include "common/webhook/event.hpp"
#include "tests/integration/support/http_client.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace integration {

// One POST as the app got it.
struct app_post
{
    std::string target;
    headers fields; // their names in lower case
    std::string body;

    // The values of the header `name`, which live as long as this object.
    std::vector<std::string_view> values(std::string_view name) const;

    // The event that is in it; throws std::runtime_error when it is not signed in both schemes with `secret`.
    webhook::event verified(std::string_view secret) const;
};

// An application that a receiver forwards to: a server of the test's own on 127.0.0.1, on a thread of its
// own. It goes when this object goes, with all its connections.
class app
{
public:
    // Says what to answer to a POST; called on the app's thread, one at a time.
    using answer = std::function<unsigned(const app_post&)>;

    explicit app(
        std::uint16_t port = 0, answer status = [](const app_post&) { return 200U; });
    ~app();

    app(const app&) = delete;
    app& operator=(const app&) = delete;

    std::string url() const;

    // What came so far, in the order of arrival.
    std::vector<app_post> posts() const;

private:
    boost::asio::awaitable<void> accept();
    boost::asio::awaitable<void> serve(boost::asio::ip::tcp::socket peer);

    answer answer_;
    mutable std::mutex mutex_;
    std::vector<app_post> posts_;
    boost::asio::io_context loop_{1};
    boost::asio::ip::tcp::acceptor acceptor_;
    std::thread thread_;
};

} // namespace integration
