#include "common/http/request_text.hpp"

#include <algorithm>
#include <stdexcept>

namespace http {

namespace {

bool is_token(std::string_view name)
{
    constexpr std::string_view others = "!#$%&'*+-.^_`|~"; // RFC 9110, 5.6.2
    return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               others.find(c) != std::string_view::npos;
    });
}

void append_header(std::string& text, std::string_view name, std::string_view value)
{
    if (!is_token(name))
        throw std::invalid_argument("a header's name is not a token");
    if (value.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos)
        throw std::invalid_argument("the value of the header " + std::string(name) +
                                    " would split the request");
    text.append(name).append(": ").append(value).append("\r\n");
}

} // namespace

std::string request_text(const url& target, const outgoing& message, std::string_view user_agent)
{
    constexpr std::size_t head_bytes_usual = 1'024;
    std::string text;
    text.reserve(head_bytes_usual + target.target.size() + message.body.size());
    text.append("POST ").append(target.target).append(" HTTP/1.1\r\n");
    append_header(text, "Host", target.authority());
    append_header(text, "User-Agent", user_agent);
    append_header(text, "Content-Type", message.content_type);
    append_header(text, "Content-Length", std::to_string(message.body.size()));
    for (const auto& header : message.headers)
        append_header(text, header.name, header.value);
    text.append("\r\n").append(message.body);
    return text;
}

} // namespace http
