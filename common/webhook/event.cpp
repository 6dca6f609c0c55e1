#include "common/webhook/event.hpp"

#include "common/webhook/ascii.hpp"
#include "common/webhook/document.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <optional>

namespace webhook {
namespace {

bool user_id_character(char c)
{
    constexpr std::string_view others = "._~@:+-";
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           others.find(c) != std::string_view::npos;
}

std::string name_of(member_name name)
{
    return "the member " + std::string(member_names[static_cast<std::size_t>(name)]);
}

// What is wrong with a member that must be a text of 1 to 256 visible ASCII characters.
std::optional<body_error> problem_of_name(const document& source, member_name name)
{
    const auto& found = source[name];
    if (found.what != member::kind::text)
        return body_error{name_of(name) + " is not a text"};
    if (found.text.empty() || found.text.size() > member_length_max || !visible_ascii(found.text))
        return body_error{name_of(name) + " is not 1 to " + std::to_string(member_length_max) +
                          " visible ASCII characters"};
    return std::nullopt;
}

std::optional<body_error> problem_of_user_id(const document& source)
{
    const auto& found = source[member_name::user_id];
    if (found.what != member::kind::text)
        return body_error{name_of(member_name::user_id) + " is not a text"};
    if (!valid_user_id(found.text))
        return body_error{name_of(member_name::user_id) + " is not " + std::string(user_id_rule)};
    return std::nullopt;
}

// `issuedAt` as it is shown: a text that is valid as it is, a number (the Java sender's) as ISO 8601.
std::optional<std::string> issued_at_of(const member& found)
{
    if (found.what == member::kind::text && parse_iso8601(found.text))
        return found.text;
    if (found.what != member::kind::number)
        return std::nullopt;
    const auto at = parse_epoch_number(found.text);
    if (!at)
        return std::nullopt;
    return at->time_since_epoch() == epoch_seconds(*at) ? to_iso8601_seconds(*at) : to_iso8601_millis(*at);
}

} // namespace

bool valid_user_id(std::string_view text)
{
    return !text.empty() && text.size() <= user_id_length_max && text != "." && text != ".." &&
           std::all_of(text.begin(), text.end(), user_id_character);
}

std::string malformed_user_id()
{
    return "the user id is not " + std::string(user_id_rule);
}

std::string idempotency_key_of(std::string_view session_id)
{
    return "evt_" + std::string(session_id) + "_active";
}

event make_ready_event(std::string_view user_id, std::string_view session_id, instant ready_at)
{
    return event{
        .type = std::string(waiting_room_active),
        .session_id = std::string(session_id),
        .user_id = std::string(user_id),
        .event_id = "evt_" + std::to_string(ready_at.time_since_epoch().count()),
        .issued_at = to_iso8601_seconds(ready_at),
        .idempotency_key = idempotency_key_of(session_id),
    };
}

std::string to_json(const event& value)
{
    const boost::json::object members{
        {"type", value.type},          {"sessionId", value.session_id},
        {"userId", value.user_id},     {"eventId", value.event_id},
        {"issuedAt", value.issued_at}, {"idempotencyKey", value.idempotency_key},
    };
    return boost::json::serialize(members);
}

boost::system::result<event, body_error> parse_event(std::string_view body)
{
    const auto source = parse_document(body);
    if (!source)
        return source.error();
    return read_event(*source);
}

boost::system::result<event, body_error> read_event(const document& source)
{
    for (std::size_t i = 0; i < member_names.size(); ++i) {
        const auto name = static_cast<member_name>(i);
        if (source[name].what == member::kind::absent)
            return body_error{name_of(name) + " is missing"};
    }
    for (const auto name :
         {member_name::type, member_name::session_id, member_name::event_id, member_name::idempotency_key})
    {
        if (auto problem = problem_of_name(source, name))
            return *std::move(problem);
    }
    if (auto problem = problem_of_user_id(source))
        return *std::move(problem);
    auto issued_at = issued_at_of(source[member_name::issued_at]);
    if (!issued_at)
        return body_error{
            name_of(member_name::issued_at) +
            " is neither ISO 8601 in UTC, such as 2025-12-24T12:34:56Z, nor a number of seconds "
            "since 1970"};
    return event{
        .type = source[member_name::type].text,
        .session_id = source[member_name::session_id].text,
        .user_id = source[member_name::user_id].text,
        .event_id = source[member_name::event_id].text,
        .issued_at = *std::move(issued_at),
        .idempotency_key = source[member_name::idempotency_key].text,
    };
}

} // namespace webhook
