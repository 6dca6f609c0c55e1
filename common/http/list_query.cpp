#include "common/http/list_query.hpp"

#include <algorithm>
#include <charconv>

namespace http {

std::optional<std::int64_t> parse_id(std::string_view text)
{
    std::int64_t value = 0;
    const auto* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, value);
    const bool canonical = !text.empty() && text.front() >= '1' && text.front() <= '9';
    if (!canonical || error != std::errc{} || stopped != end)
        return std::nullopt;
    return value;
}

std::optional<std::string> list_query::text(std::string_view name)
{
    declared_.push_back(name);
    const auto found = query_.find(std::string(name));
    return found == query_.end() ? std::nullopt : std::optional{found->second};
}

std::size_t list_query::limit()
{
    const auto given = text("limit");
    if (!given)
        return page_items_default;
    const auto value = parse_id(*given);
    if (value && *value <= static_cast<std::int64_t>(page_items_max))
        return static_cast<std::size_t>(*value);
    refuse("limit must be a whole number from 1 to " + std::to_string(page_items_max));
    return page_items_default;
}

std::optional<std::int64_t> list_query::after()
{
    const auto given = text("after");
    if (!given)
        return std::nullopt;
    const auto cursor = parse_id(*given);
    if (!cursor)
        refuse("after must be the value of next in the page before");
    return cursor;
}

void list_query::refuse(std::string detail)
{
    if (!problem_)
        problem_ = std::move(detail);
}

std::string list_query::declared_names() const
{
    std::string names;
    for (const auto known : declared_)
        names.append(names.empty() ? "" : ", ").append(known);
    return names.empty() ? "none" : names;
}

std::optional<std::string> list_query::problem() const
{
    if (problem_)
        return problem_;
    for (const auto& [name, value] : query_)
        if (std::find(declared_.begin(), declared_.end(), name) == declared_.end())
            return "unknown query parameter; this list takes " + declared_names();
    return std::nullopt;
}

} // namespace http
