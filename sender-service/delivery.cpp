#include "sender-service/delivery.hpp"

namespace sender {

std::string_view to_string(delivery_status value)
{
    switch (value) {
    case delivery_status::pending:
        return "pending";
    case delivery_status::delivered:
        return "delivered";
    case delivery_status::dead:
        return "dead";
    }
    return "pending";
}

std::optional<delivery_status> parse_delivery_status(std::string_view text)
{
    for (const auto status : {delivery_status::pending, delivery_status::delivered, delivery_status::dead})
        if (text == to_string(status))
            return status;
    return std::nullopt;
}

} // namespace sender
