#pragma once

#include "common/webhook/hmac.hpp"
#include "common/webhook/instant.hpp"
#include "common/webhook/secrets.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace webhook {

// The names of the headers of both schemes, lower case (HTTP header names are case-insensitive).
inline constexpr std::string_view seed_signature_header = "x-signature";
inline constexpr std::string_view seed_timestamp_header = "x-signature-timestamp";
inline constexpr std::string_view standard_id_header = "webhook-id";
inline constexpr std::string_view standard_timestamp_header = "webhook-timestamp";
inline constexpr std::string_view standard_signature_header = "webhook-signature";

inline constexpr std::size_t standard_signatures_max = 8;

// The values that the sender puts into the headers of both schemes.
struct signatures
{
    std::string id;        // webhook-id: the idempotency key
    std::string timestamp; // both schemes' timestamp header, canonical decimal seconds
    std::string seed;      // X-Signature: hmac-sha256=<hex>, by the first secret
    std::string standard;  // webhook-signature: v1,<base64> for each secret, separated by one space
};

// Signs one attempt at `at` in both schemes. The receiver refuses an `idempotency_key` with a `.` in
// scheme 2.
signatures sign(secrets& keys, std::string_view idempotency_key, instant at, std::string_view body);

// Reads a timestamp header: canonical decimal seconds (no sign, no leading zero, no space, no exponent),
// at most 12 digits, at least 1. Nothing when it is anything else.
std::optional<std::chrono::seconds> parse_timestamp(std::string_view text);

// True when `timestamp` is at most `skew_max` away from `now`, in either direction, in whole seconds.
bool within_skew(std::chrono::seconds timestamp, instant now, std::chrono::seconds skew_max);

// Reads an X-Signature value: `hmac-sha256=` and 64 lower-case hexadecimal digits. Nothing when it is
// anything else.
std::optional<digest> parse_seed_signature(std::string_view text);

// Reads a webhook-signature value: entries `<version>,<base64>` separated by one space. Versions other than
// `v1` are skipped, as are entries whose base64 is not padded and canonical or not of a digest's length.
// Nothing when there are more than eight entries, of whatever version; maybe none is left.
std::optional<std::vector<digest>> parse_standard_signatures(std::string_view text);

// Says which secret (1-based) made the X-Signature value `signature`, if any did. Every secret is tried, and
// compared in constant time.
std::optional<std::size_t> match_seed(secrets& keys, const digest& signature, std::string_view timestamp,
                                      std::string_view idempotency_key);

// Says which secret (1-based) made one of the `candidates` of a webhook-signature value, if any did. Every
// secret is tried with every signature, and compared in constant time.
std::optional<std::size_t> match_standard(secrets& keys, const std::vector<digest>& candidates,
                                          std::string_view id, std::string_view timestamp,
                                          std::string_view body);

} // namespace webhook
