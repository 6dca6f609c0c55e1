#pragma once

#include "common/http/message.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace http {

// Answers one request, on the server's loop. What the client did wrong is a problem() answer.
// runtime::unavailable is answered with 503, any other exception is logged and answered with 500.
using handler = std::function<boost::asio::awaitable<response>(const request&)>;

struct route
{
    std::string_view method;  // upper case; a GET route answers HEAD too
    std::string_view pattern; // "/ticketmaster/status/{userId}": a segment in braces takes one parameter,
                              // and {id} takes a decimal number only
    http::handler handle;
};

struct found
{
    std::size_t index; // into the routes given
    std::vector<std::string> parameters;
    std::map<std::string, std::string> query;
};

struct not_found
{};

struct method_not_allowed
{
    std::string allow; // "GET, HEAD, POST"
};

struct bad_target
{
    std::string detail;
};

using match_result = std::variant<found, not_found, method_not_allowed, bad_target>;

// Finds the route of a method and an origin-form target; of several that fit, the first. Pure. Path and query
// are percent-decoded once, each segment and each name and value by itself, so an encoded slash stays inside
// its segment; `+` is a space in the query and itself in the path. A malformed escape, a control character
// (encoded or not), or a query name given twice is a bad_target. A parameter takes any segment but an empty
// one.
match_result match(const std::vector<route>& routes, std::string_view method, std::string_view target);

} // namespace http
