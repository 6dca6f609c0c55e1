#include "common/http/router.hpp"

#include "common/http/list_query.hpp"

#include <algorithm>
#include <optional>

namespace http {

namespace {

constexpr std::string_view bad_path = "The path has a malformed percent escape or a control character.";
constexpr std::string_view bad_query = "The query has a malformed percent escape or a control character.";

int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool is_control(char c)
{
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
}

// Decodes %XX once. Nothing for a malformed escape or a control character, encoded or not.
std::optional<std::string> decode(std::string_view text, bool plus_is_space)
{
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
            const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
            if (high < 0 || low < 0)
                return std::nullopt;
            c = static_cast<char>(high * 16 + low);
            i += 2;
        }
        else if (c == '+' && plus_is_space) {
            c = ' ';
        }
        if (is_control(c))
            return std::nullopt;
        decoded.push_back(c);
    }
    return decoded;
}

// The segments of an absolute path, decoded: "/a/b%2Fc" is "a" and "b/c", "/" is one empty segment.
std::optional<std::vector<std::string>> segments_of(std::string_view path)
{
    std::vector<std::string> segments;
    segments.reserve(static_cast<std::size_t>(std::count(path.begin(), path.end(), '/')));
    do {
        path.remove_prefix(1);
        const auto end = std::min(path.find('/'), path.size());
        auto segment = decode(path.substr(0, end), false);
        if (!segment)
            return std::nullopt;
        segments.push_back(std::move(*segment));
        path.remove_prefix(end);
    } while (!path.empty());
    return segments;
}

bool is_parameter(std::string_view pattern_segment)
{
    return pattern_segment.starts_with('{');
}

// Calls `each(pattern_segment, segment)` for every pair; false when the numbers differ or `each` says so.
template <class Each>
bool walk(std::string_view pattern, const std::vector<std::string>& segments, Each each)
{
    for (const auto& segment : segments) {
        if (pattern.empty())
            return false;
        pattern.remove_prefix(1);
        const auto end = std::min(pattern.find('/'), pattern.size());
        if (!each(pattern.substr(0, end), segment))
            return false;
        pattern.remove_prefix(end);
    }
    return pattern.empty();
}

// A parameter named id takes what is spelt as an id, so that a path which has a word there is unknown.
bool takes(std::string_view parameter, const std::string& segment)
{
    return parameter == "{id}" ? parse_id(segment).has_value() : !segment.empty();
}

bool fits(std::string_view pattern, const std::vector<std::string>& segments)
{
    return walk(pattern, segments, [](std::string_view wanted, const std::string& segment) {
        return is_parameter(wanted) ? takes(wanted, segment) : wanted == segment;
    });
}

std::vector<std::string> parameters_of(std::string_view pattern, const std::vector<std::string>& segments)
{
    std::vector<std::string> parameters;
    walk(pattern, segments, [&](std::string_view wanted, const std::string& segment) {
        if (is_parameter(wanted))
            parameters.push_back(segment);
        return true;
    });
    return parameters;
}

std::variant<std::map<std::string, std::string>, bad_target> parse_query(std::string_view query)
{
    std::map<std::string, std::string> values;
    while (!query.empty()) {
        const auto end = std::min(query.find('&'), query.size());
        const auto pair = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        if (pair.empty())
            continue;
        const auto equals = std::min(pair.find('='), pair.size());
        auto name = decode(pair.substr(0, equals), true);
        auto value = decode(pair.substr(std::min(equals + 1, pair.size())), true);
        if (!name || !value)
            return bad_target{std::string(bad_query)};
        if (!values.emplace(std::move(*name), std::move(*value)).second)
            return bad_target{"The query names a parameter twice."};
    }
    return values;
}

// "GET, HEAD, POST": the methods of the routes that fit, in their order, each once.
std::string allow_list(const std::vector<route>& routes, const std::vector<std::string>& segments)
{
    std::vector<std::string_view> methods;
    const auto add = [&methods](std::string_view method) {
        if (std::find(methods.begin(), methods.end(), method) == methods.end())
            methods.push_back(method);
    };
    for (const auto& each : routes) {
        if (!fits(each.pattern, segments))
            continue;
        add(each.method);
        if (each.method == "GET")
            add("HEAD");
    }
    std::string allow;
    for (const auto method : methods)
        allow.append(allow.empty() ? "" : ", ").append(method);
    return allow;
}

bool serves(const route& candidate, std::string_view method)
{
    return candidate.method == method || (candidate.method == "GET" && method == "HEAD");
}

} // namespace

match_result match(const std::vector<route>& routes, std::string_view method, std::string_view target)
{
    if (!target.starts_with('/'))
        return bad_target{"The target must be a path that begins with a slash."};
    const auto question = std::min(target.find('?'), target.size());
    const auto segments = segments_of(target.substr(0, question));
    if (!segments)
        return bad_target{std::string(bad_path)};

    for (std::size_t index = 0; index < routes.size(); ++index) {
        if (!serves(routes[index], method) || !fits(routes[index].pattern, *segments))
            continue;
        auto query = parse_query(target.substr(std::min(question + 1, target.size())));
        if (auto* const bad = std::get_if<bad_target>(&query))
            return std::move(*bad);
        return found{index, parameters_of(routes[index].pattern, *segments),
                     std::get<std::map<std::string, std::string>>(std::move(query))};
    }

    auto allow = allow_list(routes, *segments);
    if (allow.empty())
        return not_found{};
    return method_not_allowed{std::move(allow)};
}

} // namespace http
