#pragma once

#include "common/webhook/event.hpp"
#include "common/webhook/signature.hpp"
#include "common/webhook/verify.hpp"

#include <stdexcept>
#include <string>
#include <string_view>

// What several of the webhook tests need: a secret, a moment, an event, and requests that are signed.
namespace webhook_tests {

inline constexpr std::string_view plain_secret = "a-secret-of-26-characters!";
inline constexpr std::string_view encoded_secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
inline constexpr webhook::instant now{
    std::chrono::milliseconds{1'766'579'696'789}}; // 2025-12-24T12:34:56.789Z

inline webhook::secrets keys_of(std::string_view text)
{
    auto parsed = webhook::secrets::parse(text);
    if (!parsed)
        throw std::runtime_error(parsed.error().detail);
    return *std::move(parsed);
}

inline webhook::event ready_event()
{
    return webhook::make_ready_event("alice", "wr_123", now);
}

// `text` with one bit of it inverted; bit 0 is the lowest of the first byte.
inline std::string with_flipped_bit(std::string_view text, std::size_t bit)
{
    std::string changed{text};
    changed[bit / 8] = static_cast<char>(static_cast<unsigned char>(changed[bit / 8]) ^ 1U << bit % 8);
    return changed;
}

// A request in both schemes, which a test may spoil before it is verified.
struct request
{
    std::string body;
    webhook::signatures headers;

    webhook::signature_headers seed() const
    {
        webhook::signature_headers chosen;
        chosen.seed_signature = {headers.seed};
        chosen.seed_timestamp = {headers.timestamp};
        return chosen;
    }

    webhook::signature_headers standard() const
    {
        webhook::signature_headers chosen;
        chosen.standard_id = {headers.id};
        chosen.standard_timestamp = {headers.timestamp};
        chosen.standard_signature = {headers.standard};
        return chosen;
    }

    webhook::signature_headers both() const
    {
        auto chosen = standard();
        chosen.seed_signature = {headers.seed};
        chosen.seed_timestamp = {headers.timestamp};
        return chosen;
    }
};

// `body` signed at `at` under `key`, which is the idempotency key that the body should have.
inline request signed_request(webhook::secrets& keys, std::string body, webhook::instant at = now,
                              std::string_view key = "evt_wr_123_active")
{
    auto made = webhook::sign(keys, key, at, body);
    return {std::move(body), std::move(made)};
}

inline request signed_request(webhook::secrets& keys)
{
    return signed_request(keys, to_json(ready_event()));
}

// The reason of a refusal, or "accepted".
inline std::string_view
reason_of(const boost::system::result<webhook::verified_event, webhook::refusal>& seen)
{
    return seen ? std::string_view{"accepted"} : seen.error().reason;
}

} // namespace webhook_tests
