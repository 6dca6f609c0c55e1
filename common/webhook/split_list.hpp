#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

namespace webhook {

// The items of a setting that is a list: separated by commas or white space, empty ones left out. They point
// into `text`.
inline std::vector<std::string_view> split_list(std::string_view text)
{
    constexpr std::string_view separators = ", \t\r\n\v\f";
    std::vector<std::string_view> items;
    for (auto begin = text.find_first_not_of(separators); begin != std::string_view::npos;) {
        const auto end = std::min(text.find_first_of(separators, begin), text.size());
        items.push_back(text.substr(begin, end - begin));
        begin = text.find_first_not_of(separators, end);
    }
    return items;
}

} // namespace webhook
