#pragma once

#include "common/http/transport.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <vector>

namespace test {

// An answer of the network with this status.
inline http::exchange answered(unsigned status)
{
    http::exchange seen;
    seen.status = status;
    return seen;
}

// The end of an exchange without an answer.
inline http::exchange failed(http::exchange_result result)
{
    http::exchange seen;
    seen.result = result;
    seen.error = "as the test plays it";
    return seen;
}

// The network as the test plays it: each POST is kept, and answered at once by `answer`, or held back until
// release() while `holding`.
class scripted_transport final : public http::transport
{
public:
    explicit scripted_transport(boost::asio::io_context& loop)
        : held_(loop, boost::asio::steady_timer::time_point::max())
    {}

    boost::asio::awaitable<http::exchange> post(http::outgoing message, http::exchange_limits) override
    {
        under_way_max = std::max(under_way_max, ++under_way);
        posted.push_back(message);
        if (holding)
            co_await held_.async_wait(boost::asio::as_tuple(boost::asio::deferred));
        --under_way;
        co_return answer(message);
    }

    // Lets the POSTs under way end.
    void release() { held_.cancel(); }

    std::function<http::exchange(const http::outgoing&)> answer = [](const http::outgoing&) {
        return answered(200);
    };
    bool holding = false;
    std::size_t under_way = 0;
    std::size_t under_way_max = 0;
    std::vector<http::outgoing> posted;

private:
    boost::asio::steady_timer held_;
};

} // namespace test
