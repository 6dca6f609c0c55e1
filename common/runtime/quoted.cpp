#include "common/runtime/quoted.hpp"

#include "common/runtime/utf8.hpp"

#include <algorithm>

namespace runtime {

namespace {

// What a terminal or a line-wise reader could take for more than a character of a value.
bool is_control(char32_t code_point)
{
    return code_point < 0x20 || (code_point >= 0x7f && code_point <= 0x9f) || code_point == 0x2028 ||
           code_point == 0x2029;
}

void append_hex(std::string& out, std::string_view prefix, char32_t value, unsigned digits)
{
    out += prefix;
    for (unsigned left = digits; left > 0; --left) {
        out += "0123456789abcdef"[value >> (4 * (left - 1)) & 0xfU];
    }
}

void append_valid(std::string& out, char32_t code_point, std::string_view bytes)
{
    switch (code_point) {
    case U'"':
        out += "\\\"";
        return;
    case U'\\':
        out += "\\\\";
        return;
    case U'\n':
        out += "\\n";
        return;
    case U'\r':
        out += "\\r";
        return;
    case U'\t':
        out += "\\t";
        return;
    default:
        break;
    }
    if (is_control(code_point)) {
        append_hex(out, "\\u", code_point, 4);
    }
    else {
        out += bytes;
    }
}

template <class Invalid>
std::string in_quotes(std::string_view text, Invalid append_invalid)
{
    std::string out;
    out.reserve(text.size() + 2);
    out += '"';
    while (!text.empty()) {
        const auto next = front_utf8(text);
        if (next.valid) {
            append_valid(out, next.code_point, text.substr(0, next.bytes));
        }
        else {
            append_invalid(out, next.code_point);
        }
        text.remove_prefix(next.bytes);
    }
    out += '"';
    return out;
}

bool is_plain(char c)
{
    return c > 0x20 && c < 0x7f && c != '"' && c != '\\' && c != '=';
}

} // namespace

std::string json_quoted(std::string_view text)
{
    return in_quotes(text, [](std::string& out, char32_t) { out += "\xef\xbf\xbd"; });
}

std::string quoted(std::string_view text)
{
    return in_quotes(text, [](std::string& out, char32_t byte) { append_hex(out, "\\x", byte, 2); });
}

std::string quoted_if_needed(std::string_view text)
{
    const bool plain = !text.empty() && std::all_of(text.begin(), text.end(), is_plain);
    return plain ? std::string(text) : quoted(text);
}

} // namespace runtime
