#include "common/http/head.hpp"

#include <string>

namespace http {

std::vector<header> headers_of(std::string_view head)
{
    constexpr std::string_view line_end = "\r\n";
    std::vector<header> headers;
    const auto request_line_end = head.find(line_end);
    if (request_line_end == std::string_view::npos)
        return headers;
    head.remove_prefix(request_line_end + line_end.size());
    for (auto end = head.find(line_end); end != std::string_view::npos && end != 0; end = head.find(line_end))
    {
        const auto line = head.substr(0, end);
        const auto colon = line.find(':');
        if (colon != std::string_view::npos)
            headers.push_back(
                {std::string(line.substr(0, colon)), std::string(trim(line.substr(colon + 1)))});
        head.remove_prefix(end + line_end.size());
    }
    return headers;
}

} // namespace http
