#pragma once

#include "common/http/exchange.hpp"
#include "common/http/message.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace http {

inline constexpr std::size_t response_read_bytes_max = 16'384; // of a body, to reuse its connection
inline constexpr std::size_t response_kept_bytes_max = 1'024;  // of a body that is kept, for people

// One POST to send. What goes out is exactly these headers, Host, Content-Length and User-Agent.
struct outgoing
{
    std::string url;
    std::string content_type = "application/json";
    std::vector<header> headers;
    std::string body;
};

struct exchange_limits
{
    std::chrono::milliseconds connect{5'000};
    std::chrono::milliseconds whole{15'000}; // look-up and body included
};

// The border between those that send webhooks and the network. Real: http::client.
class transport
{
public:
    virtual ~transport() = default;

    // Sends one POST and answers with how it ended. Never throws for what the network or the peer does.
    virtual boost::asio::awaitable<exchange> post(outgoing message, exchange_limits limits) = 0;
};

} // namespace http
