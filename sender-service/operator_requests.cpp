#include "sender-service/operator_requests.hpp"

#include "common/http/url.hpp"
#include "common/webhook/event.hpp"

#include <array>
#include <utility>

namespace sender {

namespace {

using kind = webhook::member::kind;

} // namespace

boost::system::result<dead_filter, webhook::body_error> read_dead_filter(std::string_view body)
{
    constexpr std::array<std::string_view, 3> names{"status", "origin", "userId"};
    const auto members = webhook::parse_members(body, names, webhook::other_members::refused);
    if (!members)
        return members.error();
    const auto& status = (*members)[0];
    const auto& origin = (*members)[1];
    const auto& user = (*members)[2];
    if (status.what != kind::text || status.text != "dead")
        return webhook::body_error{"status must be given, and be dead: only those are sent again by filter"};
    dead_filter filter;
    if (origin.what != kind::absent) {
        filter.origin = origin.what == kind::text ? http::parse_origin(origin.text) : std::nullopt;
        if (!filter.origin)
            return webhook::body_error{origin_form};
    }
    if (user.what != kind::absent) {
        if (user.what != kind::text || !webhook::valid_user_id(user.text))
            return webhook::body_error{webhook::malformed_user_id()};
        filter.user_id = user.text;
    }
    return filter;
}

boost::system::result<std::string, webhook::body_error> read_origin(std::string_view body)
{
    constexpr std::array<std::string_view, 1> names{"origin"};
    const auto members = webhook::parse_members(body, names, webhook::other_members::refused);
    if (!members)
        return members.error();
    const auto& origin = members->front();
    auto read = origin.what == kind::text ? http::parse_origin(origin.text) : std::nullopt;
    if (!read)
        return webhook::body_error{std::string(origin_form).append(", and must be given")};
    return {boost::system::in_place_value, std::move(*read)};
}

} // namespace sender
