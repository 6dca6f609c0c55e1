#pragma once

#include "common/outbox/delivery.hpp"

#include <boost/json/array.hpp>

#include <vector>

namespace outbox {

// Attempts as the operator's views of both services show them.
boost::json::array attempts_json(const std::vector<attempt>& attempts);

} // namespace outbox
