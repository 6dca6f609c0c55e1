#pragma once

#include "common/http/router.hpp"

#include <functional>
#include <string_view>
#include <vector>

namespace http {

// What both services answer besides their own paths: /livez (200 while the loop turns), /readyz (200, or 503
// while `ready` says no) and /openapi.json (`openapi`, which must outlive the routes).
std::vector<route> health_routes(std::function<bool()> ready, std::string_view openapi);

} // namespace http
