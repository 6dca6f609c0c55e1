#pragma once

#include "common/http/router.hpp"
#include "common/runtime/log.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace http {

// From a whole request to its answer, whatever brought it: finds the route, has its handler answer, and makes
// an answer of everything that goes wrong. All functions on the loop of the handlers.
class responder
{
public:
    // Told of a request that no handler saw, with the status and the detail answered.
    using refusal_listener =
        std::function<void(const std::string& remote, unsigned status, const std::string& detail)>;

    // `log` may become null while a handler runs: what that one throws is then told to nobody.
    responder(std::vector<route> routes, refusal_listener on_refused, runtime::log* const& log)
        : routes_(std::move(routes)),
          on_refused_(std::move(on_refused)),
          log_(log)
    {}

    // Answers `message`, whose target as it came is `target`; fills in its path parameters and query. 404 and
    // 405 by the routes, 400 for a bad target, 503 for runtime::unavailable and 500 for any other exception.
    // Both arguments outlive the answer.
    boost::asio::awaitable<response> answer(request& message, std::string_view target) const;

    // The answer to a request that was refused before it had a route.
    response refuse(const request& message, unsigned status, const std::string& detail) const;

    // Says in the log what went wrong, and nothing of it to the client.
    response fail(const request& message, std::string_view what) const;

private:
    boost::asio::awaitable<response> handle(const handler& handle_request, const request& message) const;

    std::vector<route> routes_;
    refusal_listener on_refused_;
    runtime::log* const& log_;
};

} // namespace http
