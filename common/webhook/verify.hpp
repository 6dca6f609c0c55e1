#pragma once

#include "common/webhook/event.hpp"
#include "common/webhook/instant.hpp"
#include "common/webhook/secrets.hpp"

#include <boost/system/result.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace webhook {

// Which schemes the receiver insists on.
enum class required_scheme {
    any,     // either alone suffices; whichever is present must verify
    standard // scheme 2 must be present
};

// Every value of each signature header as received, in order; the caller collects them.
struct signature_headers
{
    std::vector<std::string_view> seed_signature;
    std::vector<std::string_view> seed_timestamp;
    std::vector<std::string_view> standard_id;
    std::vector<std::string_view> standard_timestamp;
    std::vector<std::string_view> standard_signature;
};

struct verify_policy
{
    required_scheme required = required_scheme::any;
    std::chrono::seconds skew_max{300};
};

// How an accepted request was verified. A scheme that was absent has no number.
struct verification
{
    std::optional<std::size_t> seed_secret;     // which secret (1-based) made X-Signature
    std::optional<std::size_t> standard_secret; // which secret (1-based) made webhook-signature
    std::chrono::seconds skew{0};               // receiver's clock minus the timestamp, scheme 2's if present
};

struct verified_event
{
    webhook::event event;
    verification how;
};

// The words that a refusal has for its reason. They label a counter, so they stay as they are.
namespace reasons {
inline constexpr std::string_view missing_signature = "missing_signature";
inline constexpr std::string_view repeated_signature_header = "repeated_signature_header";
inline constexpr std::string_view half_signature = "half_signature";
inline constexpr std::string_view standard_required = "standard_required";
inline constexpr std::string_view malformed_timestamp = "malformed_timestamp";
inline constexpr std::string_view clock_skew = "clock_skew";
inline constexpr std::string_view id_contains_dot = "id_contains_dot";
inline constexpr std::string_view too_many_signatures = "too_many_signatures";
inline constexpr std::string_view malformed_signature = "malformed_signature";
inline constexpr std::string_view signature_mismatch = "signature_mismatch";
inline constexpr std::string_view malformed_body = "malformed_body";
inline constexpr std::string_view malformed_member = "malformed_member";
inline constexpr std::string_view id_differs_from_key = "id_differs_from_key";
} // namespace reasons

// Why a request was refused. `reason` is for the operator (log, counter, list of rejections) and one of
// the `reasons`; `detail` says the same to a person, with figures. Neither holds a secret or an expected
// signature. The client of a refused authentication sees neither, only the status.
struct refusal
{
    enum class kind { unauthenticated, malformed }; // 401, 400
    kind what;
    std::string_view reason;
    std::string detail;
};

// Decides whether a request on the webhook path is an event of someone who holds a secret. The order: a
// complete scheme and none half present or repeated; scheme 2 over the raw bytes; the body parsed; scheme 1;
// the members judged, and `webhook-id` equal to the idempotency key. A scheme's timestamp is judged before
// its signature. A body without a text for its idempotency key is malformed whatever scheme 1 says, since
// that signs the key. Pure but for the HMAC contexts in `keys`. Throws std::runtime_error when OpenSSL fails.
boost::system::result<verified_event, refusal> verify(secrets& keys, const verify_policy& policy,
                                                      const signature_headers& headers, std::string_view body,
                                                      instant now);

} // namespace webhook
