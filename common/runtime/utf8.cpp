#include "common/runtime/utf8.hpp"

#include <cstdint>

namespace runtime {

utf8_character front_utf8(std::string_view text)
{
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const utf8_character broken{byte(0), 1, false};
    if (byte(0) < 0x80) {
        return {byte(0), 1, true};
    }
    const std::size_t bytes = byte(0) >= 0xf0 ? 4 : byte(0) >= 0xe0 ? 3 : 2;
    if (byte(0) < 0xc2 || byte(0) > 0xf4 || text.size() < bytes) {
        return broken;
    }
    char32_t code_point = byte(0) & (0x7fU >> bytes);
    for (std::size_t i = 1; i < bytes; ++i) {
        if ((byte(i) & 0xc0U) != 0x80) {
            return broken;
        }
        code_point = code_point << 6U | (byte(i) & 0x3fU);
    }
    const bool overlong = (bytes == 3 && code_point < 0x800) || (bytes == 4 && code_point < 0x10000);
    const bool surrogate = code_point >= 0xd800 && code_point <= 0xdfff;
    if (overlong || surrogate || code_point > 0x10ffff) {
        return broken;
    }
    return {code_point, bytes, true};
}

bool is_utf8(std::string_view bytes)
{
    while (!bytes.empty()) {
        const auto next = front_utf8(bytes);
        if (!next.valid)
            return false;
        bytes.remove_prefix(next.bytes);
    }
    return true;
}

std::string to_valid_utf8(std::string_view bytes)
{
    std::string text;
    text.reserve(bytes.size());
    while (!bytes.empty()) {
        const auto next = front_utf8(bytes);
        text += next.valid ? bytes.substr(0, next.bytes) : std::string_view("\xef\xbf\xbd");
        bytes.remove_prefix(next.bytes);
    }
    return text;
}

} // namespace runtime
