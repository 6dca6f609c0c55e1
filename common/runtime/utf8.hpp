#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace runtime {

// The character at the front of a text: its code point and length in bytes; not valid: one byte to skip.
struct utf8_character
{
    char32_t code_point;
    std::size_t bytes;
    bool valid;
};

// Decodes by RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF. `text` is not empty.
utf8_character front_utf8(std::string_view text);

bool is_utf8(std::string_view bytes);

// `bytes` with each byte that is not part of valid UTF-8 replaced by U+FFFD, so that they can be shown as
// text.
std::string to_valid_utf8(std::string_view bytes);

} // namespace runtime
