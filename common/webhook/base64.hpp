#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace webhook {

// The base64 of RFC 4648, section 4, with padding.
std::string to_base64(std::span<const std::uint8_t> bytes);

// Reads what `to_base64` writes and nothing else: padded, without white space, unused bits zero (RFC
// 4648, 3.5). OpenSSL's own decoder takes more than that. Nothing is decoded before all of `text` is known to
// be good, so a failure leaves no part of a secret behind.
std::optional<std::vector<std::uint8_t>> from_base64(std::string_view text);

} // namespace webhook
