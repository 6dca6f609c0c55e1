#include "common/webhook/base64.hpp"

#include <algorithm>
#include <array>

namespace webhook {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t not_a_digit = 0xFF;

constexpr std::array<std::uint8_t, 256> digit_values = [] {
    std::array<std::uint8_t, 256> values{};
    values.fill(not_a_digit);
    for (std::size_t i = 0; i < alphabet.size(); ++i)
        values[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
    return values;
}();

std::uint8_t digit(char c)
{
    return digit_values[static_cast<unsigned char>(c)];
}

// The digits of `text` without its padding, when it is canonical.
std::optional<std::string_view> digits_of(std::string_view text)
{
    if (text.size() % 4 != 0)
        return std::nullopt;
    std::string_view digits = text;
    for (int i = 0; i < 2 && digits.ends_with('='); ++i)
        digits.remove_suffix(1);
    if (!std::all_of(digits.begin(), digits.end(), [](char c) { return digit(c) != not_a_digit; }))
        return std::nullopt;
    // Two digits carry 12 bits for one byte, three carry 18 for two: the rest must be zero.
    const auto unused_bits = digits.size() % 4 == 2 ? 0x0F : digits.size() % 4 == 3 ? 0x03 : 0x00;
    if (unused_bits != 0 && (digit(digits.back()) & unused_bits) != 0)
        return std::nullopt;
    return digits;
}

} // namespace

std::string to_base64(std::span<const std::uint8_t> bytes)
{
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const auto count = std::min<std::size_t>(3, bytes.size() - i);
        std::uint32_t group = 0;
        for (std::size_t j = 0; j < 3; ++j)
            group = group << 8U | (j < count ? bytes[i + j] : 0U);
        for (std::size_t j = 0; j < 4; ++j)
            text += j <= count ? alphabet[group >> (18U - 6U * j) & 0x3FU] : '=';
    }
    return text;
}

std::optional<std::vector<std::uint8_t>> from_base64(std::string_view text)
{
    const auto digits = digits_of(text);
    if (!digits)
        return std::nullopt;
    std::vector<std::uint8_t> bytes;
    bytes.reserve(digits->size() * 6 / 8); // exact, so that no byte of a secret is left in an outgrown buffer
    std::uint32_t pending = 0;
    unsigned pending_bits = 0;
    for (const char c : *digits) {
        pending = pending << 6U | digit(c);
        pending_bits += 6;
        if (pending_bits >= 8) {
            pending_bits -= 8;
            bytes.push_back(static_cast<std::uint8_t>(pending >> pending_bits & 0xFFU));
        }
    }
    return bytes;
}

} // namespace webhook
