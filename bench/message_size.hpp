#pragma once

#include <charconv>
#include <cstddef>
#include <string_view>

namespace bench {

// How long the HTTP message at the start of `text` is, by its Content-Length as this project's programs write
// it; 0 while its head is not whole. No parser: the generator shares the cores with what it measures.
inline std::size_t message_size(std::string_view text)
{
    constexpr std::string_view name = "\r\nContent-Length: ";
    const auto head = text.find("\r\n\r\n");
    if (head == std::string_view::npos)
        return 0;
    std::size_t body = 0;
    if (const auto at = text.substr(0, head).find(name); at != std::string_view::npos)
        std::from_chars(text.data() + at + name.size(), text.data() + head, body);
    return head + 4 + body;
}

// The idempotency key of a webhook, from its head; empty when there is none.
inline std::string_view webhook_id(std::string_view request)
{
    constexpr std::string_view name = "\r\nwebhook-id: ";
    const auto at = request.find(name);
    if (at == std::string_view::npos)
        return {};
    const auto value = request.substr(at + name.size());
    return value.substr(0, value.find('\r'));
}

} // namespace bench
