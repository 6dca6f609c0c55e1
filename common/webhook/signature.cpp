#include "common/webhook/signature.hpp"

#include "common/webhook/base64.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace webhook {
namespace {

constexpr std::string_view seed_prefix = "hmac-sha256=";
constexpr std::string_view standard_version = "v1";
constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr std::size_t timestamp_digits_max = 12; // enough for 30,000 years, and far from overflow

std::string to_hex(const digest& bytes)
{
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const auto byte : bytes) {
        text += hex_digits[byte >> 4U];
        text += hex_digits[byte & 0x0FU];
    }
    return text;
}

// The signature of one entry of a webhook-signature value, when it is one that we can judge.
std::optional<digest> standard_signature(std::string_view entry)
{
    const auto comma = entry.find(',');
    if (comma == std::string_view::npos || entry.substr(0, comma) != standard_version)
        return std::nullopt;
    const auto bytes = from_base64(entry.substr(comma + 1));
    digest signature{};
    if (!bytes || bytes->size() != signature.size())
        return std::nullopt;
    std::copy(bytes->begin(), bytes->end(), signature.begin());
    return signature;
}

} // namespace

signatures sign(secrets& keys, std::string_view idempotency_key, instant at, std::string_view body)
{
    signatures made;
    made.id = idempotency_key;
    made.timestamp = std::to_string(epoch_seconds(at).count());
    made.seed = std::string(seed_prefix) + to_hex(keys.seed_digest(0, made.timestamp, idempotency_key));
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (i != 0)
            made.standard += ' ';
        made.standard += standard_version;
        made.standard += ',';
        made.standard += to_base64(keys.standard_digest(i, idempotency_key, made.timestamp, body));
    }
    return made;
}

std::optional<std::chrono::seconds> parse_timestamp(std::string_view text)
{
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (text.empty() || text.size() > timestamp_digits_max || (text.size() > 1 && text.front() == '0') ||
        !std::all_of(text.begin(), text.end(), is_digit))
        return std::nullopt;
    std::int64_t seconds = 0;
    std::from_chars(text.data(), text.data() + text.size(), seconds);
    return std::chrono::seconds{seconds};
}

bool within_skew(std::chrono::seconds timestamp, instant now, std::chrono::seconds skew_max)
{
    return std::chrono::abs(epoch_seconds(now) - timestamp) <= skew_max;
}

std::optional<digest> parse_seed_signature(std::string_view text)
{
    digest signature{};
    if (!text.starts_with(seed_prefix))
        return std::nullopt;
    text.remove_prefix(seed_prefix.size());
    if (text.size() != signature.size() * 2)
        return std::nullopt;
    for (std::size_t i = 0; i < signature.size(); ++i) {
        const auto high = hex_digits.find(text[2 * i]);
        const auto low = hex_digits.find(text[2 * i + 1]);
        if (high == std::string_view::npos || low == std::string_view::npos)
            return std::nullopt;
        signature[i] = static_cast<std::uint8_t>(high << 4U | low);
    }
    return signature;
}

std::optional<std::vector<digest>> parse_standard_signatures(std::string_view text)
{
    const auto entries = static_cast<std::size_t>(std::count(text.begin(), text.end(), ' ')) + 1;
    if (entries > standard_signatures_max)
        return std::nullopt;
    std::vector<digest> found;
    for (std::size_t i = 0; i < entries; ++i) {
        const auto end = std::min(text.find(' '), text.size());
        if (const auto signature = standard_signature(text.substr(0, end)))
            found.push_back(*signature);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return found;
}

std::optional<std::size_t> match_seed(secrets& keys, const digest& signature, std::string_view timestamp,
                                      std::string_view idempotency_key)
{
    std::optional<std::size_t> matched;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const bool same = same_digest(keys.seed_digest(i, timestamp, idempotency_key), signature);
        if (same && !matched)
            matched = i + 1;
    }
    return matched;
}

std::optional<std::size_t> match_standard(secrets& keys, const std::vector<digest>& candidates,
                                          std::string_view id, std::string_view timestamp,
                                          std::string_view body)
{
    std::optional<std::size_t> matched;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const auto expected = keys.standard_digest(i, id, timestamp, body);
        for (const auto& candidate : candidates) {
            const bool same = same_digest(expected, candidate);
            if (same && !matched)
                matched = i + 1;
        }
    }
    return matched;
}

} // namespace webhook
