#include "tests/unit/house/rules.hpp"

#include <algorithm>

namespace house {

std::vector<violation> check(const source& file)
{
    auto found = check_shape(file);
    if (!is_cpp(file.path))
        return found;
    for (const auto more : {check_includes, check_places}) {
        const auto others = more(file);
        found.insert(found.end(), others.begin(), others.end());
    }
    return found;
}

std::vector<rule> all_rules()
{
    auto rules = include_rules();
    for (const auto more : {place_rules, shape_rules}) {
        const auto others = more();
        rules.insert(rules.end(), others.begin(), others.end());
    }
    return rules;
}

bool is_cpp(std::string_view path)
{
    return path.ends_with(".cpp") || path.ends_with(".hpp");
}

bool begins_with_one_of(std::string_view path, const std::vector<std::string_view>& prefixes)
{
    return std::any_of(prefixes.begin(), prefixes.end(),
                       [&](std::string_view prefix) { return path.starts_with(prefix); });
}

} // namespace house
