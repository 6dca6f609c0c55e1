#include "common/webhook/verify.hpp"

#include "common/webhook/document.hpp"
#include "common/webhook/signature.hpp"

#include <initializer_list>

namespace webhook {
namespace {

template <typename T>
using checked = boost::system::result<T, refusal>;

using header_values = std::vector<std::string_view>;

refusal unauthenticated(std::string_view reason, std::string detail)
{
    return {refusal::kind::unauthenticated, reason, std::move(detail)};
}

refusal malformed(std::string_view reason, std::string detail)
{
    return {refusal::kind::malformed, reason, std::move(detail)};
}

// What one scheme that verified says.
struct proof
{
    std::size_t secret; // 1-based
    std::chrono::seconds skew;
};

// One signature header: its name for people, and the values that came.
struct signature_header
{
    std::string_view name;
    const header_values& values;
};

// Says whether a scheme is present; refuses one of its headers repeated, or only some of them.
checked<bool> scheme_present(std::initializer_list<signature_header> scheme)
{
    std::size_t present = 0;
    std::string_view missing;
    for (const auto& header : scheme) {
        if (header.values.size() > 1)
            return unauthenticated(reasons::repeated_signature_header,
                                   std::string(header.name) + " came " +
                                       std::to_string(header.values.size()) + " times");
        if (header.values.empty())
            missing = header.name;
        else
            ++present;
    }
    if (present != 0 && present != scheme.size())
        return unauthenticated(reasons::half_signature,
                               std::string(missing) + " is missing beside the other headers of its scheme");
    return present != 0;
}

struct presence
{
    bool seed;
    bool standard;
};

checked<presence> present_schemes(const verify_policy& policy, const signature_headers& headers)
{
    const auto seed = scheme_present(
        {{seed_signature_header, headers.seed_signature}, {seed_timestamp_header, headers.seed_timestamp}});
    if (!seed)
        return seed.error();
    const auto standard = scheme_present({{standard_id_header, headers.standard_id},
                                          {standard_timestamp_header, headers.standard_timestamp},
                                          {standard_signature_header, headers.standard_signature}});
    if (!standard)
        return standard.error();
    if (!*seed && !*standard)
        return unauthenticated(reasons::missing_signature, "there is no signature header of either scheme");
    if (!*standard && policy.required == required_scheme::standard)
        return unauthenticated(reasons::standard_required,
                               "only x-signature came, and this receiver requires webhook-signature");
    return presence{*seed, *standard};
}

// How far the timestamp in the header called `name` is behind `now`, when that is near enough.
checked<std::chrono::seconds> check_timestamp(std::string_view name, std::string_view text, instant now,
                                              std::chrono::seconds skew_max)
{
    const auto timestamp = parse_timestamp(text);
    if (!timestamp)
        return unauthenticated(reasons::malformed_timestamp,
                               std::string(name) + " is not epoch seconds in plain decimal digits");
    const auto skew = epoch_seconds(now) - *timestamp;
    if (!within_skew(*timestamp, now, skew_max))
        return unauthenticated(reasons::clock_skew, std::string(name) + " is " +
                                                        std::to_string(std::chrono::abs(skew).count()) +
                                                        " s " + (skew.count() > 0 ? "behind" : "ahead of") +
                                                        " this clock; at most " +
                                                        std::to_string(skew_max.count()) + " s is accepted");
    return skew;
}

checked<proof> check_standard(secrets& keys, const verify_policy& policy, const signature_headers& headers,
                              std::string_view body, instant now)
{
    const auto id = headers.standard_id.front();
    const auto timestamp = headers.standard_timestamp.front();
    const auto skew = check_timestamp(standard_timestamp_header, timestamp, now, policy.skew_max);
    if (!skew)
        return skew.error();
    // The dot separates id, timestamp and body in what is signed, so an id with one could be read in two
    // ways.
    if (id.find('.') != std::string_view::npos)
        return unauthenticated(reasons::id_contains_dot, "webhook-id holds a dot");
    const auto candidates = parse_standard_signatures(headers.standard_signature.front());
    if (!candidates)
        return unauthenticated(reasons::too_many_signatures, "webhook-signature holds more than " +
                                                                 std::to_string(standard_signatures_max) +
                                                                 " signatures");
    if (candidates->empty())
        return unauthenticated(reasons::malformed_signature,
                               "webhook-signature holds no v1, followed by the padded base64 of 32 bytes");
    const auto secret = match_standard(keys, *candidates, id, timestamp, body);
    if (!secret)
        return unauthenticated(
            reasons::signature_mismatch,
            "webhook-signature was made with another secret, or over another id, timestamp "
            "or body");
    return proof{*secret, *skew};
}

checked<proof> check_seed(secrets& keys, const verify_policy& policy, const signature_headers& headers,
                          const document& source, instant now)
{
    const auto timestamp = headers.seed_timestamp.front();
    const auto skew = check_timestamp(seed_timestamp_header, timestamp, now, policy.skew_max);
    if (!skew)
        return skew.error();
    const auto signature = parse_seed_signature(headers.seed_signature.front());
    if (!signature)
        return unauthenticated(reasons::malformed_signature,
                               "x-signature is not hmac-sha256= and 64 lower-case hexadecimal digits");
    const auto& key = source[member_name::idempotency_key];
    if (key.what != member::kind::text)
        return malformed(reasons::malformed_member, "the member idempotencyKey is missing or not a text");
    const auto secret = match_seed(keys, *signature, timestamp, key.text);
    if (!secret)
        return unauthenticated(reasons::signature_mismatch,
                               "x-signature was made with another secret, or over another timestamp or "
                               "idempotency key");
    return proof{*secret, *skew};
}

} // namespace

boost::system::result<verified_event, refusal> verify(secrets& keys, const verify_policy& policy,
                                                      const signature_headers& headers, std::string_view body,
                                                      instant now)
{
    const auto present = present_schemes(policy, headers);
    if (!present)
        return present.error();
    verification how;
    if (present->standard) {
        const auto proven = check_standard(keys, policy, headers, body, now);
        if (!proven)
            return proven.error();
        how.standard_secret = proven->secret;
        how.skew = proven->skew;
    }
    const auto source = parse_document(body);
    if (!source)
        return malformed(reasons::malformed_body, source.error().detail);
    if (present->seed) {
        const auto proven = check_seed(keys, policy, headers, *source, now);
        if (!proven)
            return proven.error();
        how.seed_secret = proven->secret;
        if (!present->standard)
            how.skew = proven->skew;
    }
    auto received = read_event(*source);
    if (!received)
        return malformed(reasons::malformed_member, received.error().detail);
    if (present->standard && headers.standard_id.front() != received->idempotency_key)
        return malformed(reasons::id_differs_from_key, "webhook-id is not the body's idempotencyKey");
    return verified_event{*std::move(received), how};
}

} // namespace webhook
