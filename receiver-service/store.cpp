#include "receiver-service/store.hpp"

namespace receiver {

std::string_view to_string(event_status value)
{
    switch (value) {
    case event_status::accepted:
        return "accepted";
    case event_status::processed:
        return "processed";
    case event_status::dead:
        return "dead";
    }
    return "unknown";
}

std::optional<event_status> parse_event_status(std::string_view text)
{
    for (const auto each : {event_status::accepted, event_status::processed, event_status::dead})
        if (text == to_string(each))
            return each;
    return std::nullopt;
}

} // namespace receiver
