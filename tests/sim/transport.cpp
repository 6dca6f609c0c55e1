#include "tests/sim/transport.hpp"

#include "common/http/request_text.hpp"
#include "common/http/url.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/steady_timer.hpp>

#include <memory>

namespace sim {

namespace asio = boost::asio;

asio::awaitable<http::exchange> transport::post(http::outgoing message, http::exchange_limits limits)
{
    struct waiting
    {
        explicit waiting(const asio::any_io_executor& loop)
            : ended(loop, asio::steady_timer::time_point::max())
        {}
        asio::steady_timer ended;
        http::exchange seen;
        bool over = false;
    };
    const auto target = http::parse_url(message.url);
    const auto url = message.url;
    const auto key = watch_.attempt_begins(message);
    const auto shared = std::make_shared<waiting>(loop_);
    const auto done = [shared](const http::exchange& how) {
        shared->seen = how;
        shared->over = true;
        shared->ended.cancel();
    };
    network_.send(from_, target->authority(), http::request_text(*target, message, "simulation"),
                  limits.whole, network::order::any, done);
    if (!shared->over) {
        co_await shared->ended.async_wait(asio::as_tuple(asio::deferred));
    }
    watch_.attempt_ends(key, url, shared->seen);
    co_return shared->seen;
}

} // namespace sim
