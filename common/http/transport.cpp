#include "common/http/transport.hpp"

namespace http {

std::string_view to_string(exchange_result value)
{
    switch (value) {
    case exchange_result::answered:
        return "answered";
    case exchange_result::refused_address:
        return "refused_address";
    case exchange_result::dns:
        return "dns";
    case exchange_result::connect:
        return "connect";
    case exchange_result::tls:
        return "tls";
    case exchange_result::connect_timeout:
        return "connect_timeout";
    case exchange_result::timeout:
        return "timeout";
    case exchange_result::truncated:
        return "truncated";
    case exchange_result::malformed:
        return "malformed";
    }
    return "unknown";
}

} // namespace http
