#pragma once

#include "common/webhook/members.hpp"
#include "sender-service/delivery.hpp"

#include <boost/system/result.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace sender {

// Dead deliveries to send again.
struct dead_filter
{
    std::optional<std::string> user_id;
    std::optional<std::string> origin; // "http://host:port", the default port left out
};

inline constexpr const char* origin_form = "origin is scheme://host or scheme://host:port";

// Reads the body of a redelivery by filter: {"status":"dead"}, and `origin` and `userId` if given. A member
// of another name is refused: a filter with a slip of the pen must not mean everything. Pure.
boost::system::result<dead_filter, webhook::body_error> read_dead_filter(std::string_view body);

// Reads {"origin":"scheme://host:port"}, and answers with it as origins are written. Pure.
boost::system::result<std::string, webhook::body_error> read_origin(std::string_view body);

} // namespace sender
