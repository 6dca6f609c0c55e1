#include "common/http/message.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace http {

namespace {

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

} // namespace

bool equal_ignoring_case(std::string_view left, std::string_view right)
{
    return left.size() == right.size() && std::equal(left.begin(), left.end(), right.begin(),
                                                     [](char a, char b) { return lower(a) == lower(b); });
}

std::string_view trim(std::string_view text)
{
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::vector<std::string_view> request::values(std::string_view name) const
{
    std::vector<std::string_view> found;
    for (const auto& each : headers)
        if (equal_ignoring_case(each.name, name))
            found.emplace_back(each.value);
    return found;
}

bool is_json(const request& message)
{
    const auto values = message.values("Content-Type");
    if (values.size() != 1)
        return false;
    const auto type = trim(values.front().substr(0, values.front().find(';')));
    constexpr std::string_view suffix = "+json";
    const auto slash = type.find('/');
    if (slash == std::string_view::npos || slash == 0)
        return false;
    return equal_ignoring_case(type, "application/json") ||
           (type.size() > slash + 1 + suffix.size() &&
            equal_ignoring_case(type.substr(type.size() - suffix.size()), suffix));
}

response json(unsigned status, std::string body)
{
    response answer;
    answer.status = status;
    answer.body = std::move(body);
    return answer;
}

response empty(unsigned status)
{
    response answer;
    answer.status = status;
    answer.content_type.clear();
    return answer;
}

response problem(unsigned status, std::string_view detail)
{
    response answer;
    answer.status = status;
    answer.content_type = "application/problem+json";
    answer.body.append(R"({"type":"about:blank","title":)")
        .append(boost::json::serialize(boost::json::string_view(reason_phrase(status))))
        .append(R"(,"status":)")
        .append(std::to_string(status))
        .append(R"(,"detail":)")
        .append(boost::json::serialize(boost::json::string_view(detail)))
        .append("}");
    if (status == 503)
        answer.headers.push_back({"Retry-After", "1"});
    return answer;
}

std::string_view reason_phrase(unsigned status)
{
    switch (status) {
    case 200:
        return "OK";
    case 201:
        return "Created";
    case 202:
        return "Accepted";
    case 204:
        return "No Content";
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 408:
        return "Request Timeout";
    case 409:
        return "Conflict";
    case 413:
        return "Content Too Large";
    case 415:
        return "Unsupported Media Type";
    case 417:
        return "Expectation Failed";
    case 422:
        return "Unprocessable Content";
    case 429:
        return "Too Many Requests";
    case 431:
        return "Request Header Fields Too Large";
    case 500:
        return "Internal Server Error";
    case 503:
        return "Service Unavailable";
    default:
        return "";
    }
}

} // namespace http
