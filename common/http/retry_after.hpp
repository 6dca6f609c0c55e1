#pragma once

#include "common/webhook/instant.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace http {

// Reads Retry-After (RFC 9110, 10.2.3) as seconds from `now`: delay-seconds, or an IMF-fixdate; a date in the
// past is 0. Numbers beyond 10 digits count as the largest of 10. Nothing when it is anything else.
std::optional<std::chrono::seconds> parse_retry_after(std::string_view value, webhook::instant now);

} // namespace http
