#pragma once

#include <algorithm>
#include <string_view>

namespace webhook {

// True when `text` holds nothing but visible ASCII characters: no space, no control, nothing above `~`.
inline bool visible_ascii(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

} // namespace webhook
