#pragma once

#include "common/http/transport.hpp"
#include "common/http/url.hpp"

#include <string>
#include <string_view>

namespace http {

// The whole POST as it goes onto the wire: request line, Host, User-Agent, Content-Type, Content-Length, the
// given headers, body (RFC 9112). Throws std::invalid_argument when a header's name is no token or a value
// holds CR, LF or NUL: the caller made it, so that is a bug. Pure.
std::string request_text(const url& target, const outgoing& message, std::string_view user_agent);

} // namespace http
