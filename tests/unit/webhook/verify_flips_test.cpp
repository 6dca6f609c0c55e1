#include "tests/catch.hpp"
#include "tests/unit/webhook/support.hpp"

// One inverted bit anywhere in what a scheme covers must be refused.

using namespace webhook_tests;

namespace {

const webhook::verify_policy any_scheme{};

// True when a receiver that has the one secret `text` refuses; a text that is no secret stops it at start.
bool refused_under(std::string_view text, const request& made, const webhook::signature_headers& headers)
{
    auto keys = webhook::secrets::parse(text);
    return !keys || reason_of(webhook::verify(*keys, any_scheme, headers, made.body, now)) ==
                        webhook::reasons::signature_mismatch;
}

// Calls `check` with each text that differs from `text` in one bit.
template <typename Check>
void for_each_flip(std::string_view text, Check check)
{
    for (std::size_t bit = 0; bit < text.size() * 8; ++bit) {
        CAPTURE(text, bit);
        check(with_flipped_bit(text, bit));
    }
}

} // namespace

TEST_CASE("scheme 2 refuses every single flipped bit of the body before reading it")
{
    const auto secret = GENERATE(plain_secret, encoded_secret);
    auto keys = keys_of(secret);
    const auto made = signed_request(keys);
    REQUIRE(webhook::verify(keys, any_scheme, made.standard(), made.body, now).has_value());
    for_each_flip(made.body, [&](const std::string& body) {
        CHECK(reason_of(webhook::verify(keys, any_scheme, made.standard(), body, now)) ==
              webhook::reasons::signature_mismatch);
    });
}

TEST_CASE("scheme 2 refuses every single flipped bit of the id, the timestamp and the signatures")
{
    auto keys = keys_of(encoded_secret);
    const auto made = signed_request(keys);
    const auto refuses = [&](const webhook::signature_headers& headers) {
        const auto seen = webhook::verify(keys, any_scheme, headers, made.body, now);
        REQUIRE_FALSE(seen.has_value());
        CHECK(seen.error().what == webhook::refusal::kind::unauthenticated);
    };
    for_each_flip(made.headers.id, [&](const std::string& id) {
        auto headers = made.standard();
        headers.standard_id = {id};
        refuses(headers);
    });
    for_each_flip(made.headers.timestamp, [&](const std::string& timestamp) {
        auto headers = made.standard();
        headers.standard_timestamp = {timestamp};
        refuses(headers);
    });
    for_each_flip(made.headers.standard, [&](const std::string& signature) {
        auto headers = made.standard();
        headers.standard_signature = {signature};
        refuses(headers);
    });
}

TEST_CASE("both schemes refuse every single flipped bit of the secret")
{
    const auto secret = GENERATE(plain_secret, encoded_secret);
    auto keys = keys_of(secret);
    const auto made = signed_request(keys);
    for_each_flip(secret, [&](const std::string& other) {
        CHECK(refused_under(other, made, made.standard()));
        CHECK(refused_under(other, made, made.seed()));
    });
}

TEST_CASE("scheme 1 refuses every single flipped bit of the timestamp and the signature")
{
    auto keys = keys_of(plain_secret);
    const auto made = signed_request(keys);
    REQUIRE(webhook::verify(keys, any_scheme, made.seed(), made.body, now).has_value());
    const auto refuses = [&](const webhook::signature_headers& headers) {
        const auto seen = webhook::verify(keys, any_scheme, headers, made.body, now);
        REQUIRE_FALSE(seen.has_value());
        CHECK(seen.error().what == webhook::refusal::kind::unauthenticated);
    };
    for_each_flip(made.headers.timestamp, [&](const std::string& timestamp) {
        auto headers = made.seed();
        headers.seed_timestamp = {timestamp};
        refuses(headers);
    });
    for_each_flip(made.headers.seed, [&](const std::string& signature) {
        auto headers = made.seed();
        headers.seed_signature = {signature};
        refuses(headers);
    });
}

TEST_CASE("scheme 1 refuses every single flipped bit of the idempotency key")
{
    auto keys = keys_of(plain_secret);
    const auto made = signed_request(keys);
    const auto signature = webhook::parse_seed_signature(made.headers.seed);
    REQUIRE(signature.has_value());
    const auto key_at = made.body.find(made.headers.id, made.body.find("idempotencyKey"));
    for_each_flip(made.headers.id, [&](const std::string& key) {
        CHECK_FALSE(webhook::match_seed(keys, *signature, made.headers.timestamp, key).has_value());
        auto body = made.body;
        body.replace(key_at, key.size(), key);
        CHECK_FALSE(webhook::verify(keys, any_scheme, made.seed(), body, now).has_value());
    });
}
