#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace http {

// How an exchange ended. Everything but `answered` means that no response head came.
enum class exchange_result {
    answered,
    refused_address, // every address of the host is one that may not be connected to
    dns,
    connect,
    tls,
    connect_timeout, // look-up, connect and TLS handshake
    timeout,         // the whole exchange
    truncated,       // the connection ended before the head did
    malformed        // not HTTP, or a head beyond the limits
};

// The lower-case word of the API and the log.
std::string_view to_string(exchange_result value);

struct exchange
{
    exchange_result result = exchange_result::answered;
    unsigned status = 0;                    // of the response, when answered
    std::optional<std::string> retry_after; // as it came
    std::string body;                       // the first 1 KiB, when answered
    std::string error;                      // for people, when not answered; without an internal address
};

} // namespace http
