#include "common/webhook/verify.hpp"
#include "tests/catch.hpp"
#include "tests/unit/webhook/support.hpp"

using namespace std::chrono_literals;
using namespace webhook_tests;
namespace reasons = webhook::reasons;

namespace {

const webhook::verify_policy any_scheme{};
const webhook::verify_policy standard_only{.required = webhook::required_scheme::standard};

std::string body_without(std::string_view member_text)
{
    auto body = to_json(ready_event());
    body.erase(body.find(member_text), member_text.size());
    return body;
}

} // namespace

TEST_CASE("either scheme alone suffices when any is accepted, and both together verify")
{
    auto keys = keys_of(plain_secret);
    const auto made = signed_request(keys);
    const auto seed = webhook::verify(keys, any_scheme, made.seed(), made.body, now);
    REQUIRE(seed.has_value());
    CHECK(seed->event == ready_event());
    CHECK(seed->how.seed_secret == 1U);
    CHECK_FALSE(seed->how.standard_secret.has_value());
    const auto standard = webhook::verify(keys, any_scheme, made.standard(), made.body, now);
    REQUIRE(standard.has_value());
    CHECK(standard->how.standard_secret == 1U);
    CHECK_FALSE(standard->how.seed_secret.has_value());
    const auto both = webhook::verify(keys, any_scheme, made.both(), made.body, now);
    REQUIRE(both.has_value());
    CHECK(both->how.seed_secret == 1U);
    CHECK(both->how.standard_secret == 1U);
}

TEST_CASE("scheme 1 alone is refused when the standard one is required")
{
    auto keys = keys_of(plain_secret);
    const auto made = signed_request(keys);
    CHECK(reason_of(webhook::verify(keys, standard_only, made.seed(), made.body, now)) ==
          reasons::standard_required);
    CHECK(webhook::verify(keys, standard_only, made.standard(), made.body, now).has_value());
    CHECK(webhook::verify(keys, standard_only, made.both(), made.body, now).has_value());
}

TEST_CASE("when both schemes are present, a bad one is refused whichever it is")
{
    auto keys = keys_of(plain_secret);
    const auto made = signed_request(keys);
    auto bad_seed = made;
    bad_seed.headers.seed.back() = bad_seed.headers.seed.back() == '0' ? '1' : '0';
    auto bad_standard = made;
    bad_standard.headers.standard[3] = bad_standard.headers.standard[3] == 'A' ? 'B' : 'A';
    const auto policy = GENERATE(any_scheme, standard_only);
    CHECK(reason_of(webhook::verify(keys, policy, bad_seed.both(), made.body, now)) ==
          reasons::signature_mismatch);
    CHECK(reason_of(webhook::verify(keys, policy, bad_standard.both(), made.body, now)) ==
          reasons::signature_mismatch);
}

TEST_CASE("a rotation is followed: the secret that signed is found by its place")
{
    auto old_keys = keys_of("the-old-secret-of-somebody");
    auto new_keys = keys_of("the-new-secret-of-somebody,the-old-secret-of-somebody");
    const auto made = signed_request(old_keys);
    const auto seen = webhook::verify(new_keys, any_scheme, made.both(), made.body, now);
    REQUIRE(seen.has_value());
    CHECK(seen->how.seed_secret == 2U);
    CHECK(seen->how.standard_secret == 2U);
    const auto other_way = signed_request(new_keys);
    CHECK(webhook::verify(old_keys, standard_only, other_way.standard(), other_way.body, now).has_value());
}

TEST_CASE("no signature, half a scheme, or a header given twice is refused before the body is read")
{
    auto keys = keys_of(plain_secret);
    const auto made = signed_request(keys);
    const std::string body = GENERATE(std::string{"not JSON"}, to_json(ready_event()));
    CHECK(reason_of(webhook::verify(keys, any_scheme, {}, body, now)) == reasons::missing_signature);
    CHECK(reason_of(webhook::verify(keys, standard_only, {}, body, now)) == reasons::missing_signature);
    using headers = webhook::signature_headers;
    for (const auto header : {&headers::seed_signature, &headers::seed_timestamp, &headers::standard_id,
                              &headers::standard_timestamp, &headers::standard_signature})
    {
        auto without = made.both();
        (without.*header).clear();
        CHECK(reason_of(webhook::verify(keys, any_scheme, without, body, now)) == reasons::half_signature);
        headers only;
        only.*header = made.both().*header;
        CHECK(reason_of(webhook::verify(keys, any_scheme, only, body, now)) == reasons::half_signature);
        auto twice = made.both();
        (twice.*header).push_back((twice.*header).front());
        CHECK(reason_of(webhook::verify(keys, any_scheme, twice, body, now)) ==
              reasons::repeated_signature_header);
    }
}

TEST_CASE("a timestamp 300 s away is accepted with its skew, one 301 s away is refused, in both schemes")
{
    auto keys = keys_of(plain_secret);
    const auto away = GENERATE(-301s, -300s, -299s, 0s, 299s, 300s, 301s);
    const auto made = signed_request(keys, to_json(ready_event()), now - away);
    for (const auto& headers : {made.seed(), made.standard(), made.both()}) {
        const auto seen = webhook::verify(keys, any_scheme, headers, made.body, now);
        if (std::chrono::abs(away) > 300s) {
            CHECK(reason_of(seen) == reasons::clock_skew);
        }
        else {
            REQUIRE(seen.has_value());
            CHECK(seen->how.skew == away);
        }
    }
}

TEST_CASE("the skew that was too much is said in seconds and with its direction")
{
    auto keys = keys_of(plain_secret);
    const auto late = signed_request(keys, to_json(ready_event()), now - 412s);
    CHECK(webhook::verify(keys, any_scheme, late.standard(), late.body, now).error().detail ==
          "webhook-timestamp is 412 s behind this clock; at most 300 s is accepted");
    const auto early = signed_request(keys, to_json(ready_event()), now + 412s);
    CHECK(webhook::verify(keys, any_scheme, early.seed(), early.body, now).error().detail ==
          "x-signature-timestamp is 412 s ahead of this clock; at most 300 s is accepted");
    const webhook::verify_policy patient{.skew_max = 412s};
    CHECK(webhook::verify(keys, patient, early.both(), early.body, now).has_value());
}

TEST_CASE("the skew of scheme 2 is the one that is reported when both came")
{
    auto keys = keys_of(plain_secret);
    const auto made = signed_request(keys, to_json(ready_event()), now - 10s);
    const auto older = signed_request(keys, to_json(ready_event()), now - 20s);
    auto headers = made.standard();
    headers.seed_signature = {older.headers.seed};
    headers.seed_timestamp = {older.headers.timestamp};
    const auto seen = webhook::verify(keys, any_scheme, headers, made.body, now);
    REQUIRE(seen.has_value());
    CHECK(seen->how.skew == 10s);
}

TEST_CASE("a malformed timestamp is refused for what it is, in both schemes")
{
    auto keys = keys_of(plain_secret);
    auto made = signed_request(keys);
    made.headers.timestamp = GENERATE(as<std::string>{}, "", "+1766579696", "01766579696", "1.766579696e9",
                                      "1766579696.0", " 1766579696", "00000000001766579696");
    CHECK(reason_of(webhook::verify(keys, any_scheme, made.seed(), made.body, now)) ==
          reasons::malformed_timestamp);
    CHECK(reason_of(webhook::verify(keys, any_scheme, made.standard(), made.body, now)) ==
          reasons::malformed_timestamp);
}

TEST_CASE("signatures that are too many or that cannot be read have reasons of their own")
{
    auto keys = keys_of(plain_secret);
    auto made = signed_request(keys);
    auto headers = made.standard();
    const auto one = made.headers.standard;
    std::string list = one;
    for (int i = 2; i <= 8; ++i)
        list += ' ' + one;
    headers.standard_signature = {list};
    CHECK(webhook::verify(keys, any_scheme, headers, made.body, now).has_value());
    list += ' ' + one;
    headers.standard_signature = {list};
    CHECK(reason_of(webhook::verify(keys, any_scheme, headers, made.body, now)) ==
          reasons::too_many_signatures);
    headers.standard_signature = {std::string_view{one}.substr(0, one.size() - 1)}; // unpadded
    CHECK(reason_of(webhook::verify(keys, any_scheme, headers, made.body, now)) ==
          reasons::malformed_signature);
    headers = made.seed();
    headers.seed_signature = {"hmac-sha256=ABC"};
    CHECK(reason_of(webhook::verify(keys, any_scheme, headers, made.body, now)) ==
          reasons::malformed_signature);
}

TEST_CASE("an id with a dot is refused in scheme 2, although it verifies")
{
    auto keys = keys_of(plain_secret);
    auto value = ready_event();
    value.idempotency_key = "evt_wr_1.2_active";
    const auto made = signed_request(keys, to_json(value), now, value.idempotency_key);
    CHECK(reason_of(webhook::verify(keys, any_scheme, made.standard(), made.body, now)) ==
          reasons::id_contains_dot);
    CHECK(webhook::verify(keys, any_scheme, made.seed(), made.body, now).has_value());
}

TEST_CASE("a webhook-id that is not the idempotency key is malformed, once it is authentic")
{
    auto keys = keys_of(plain_secret);
    const auto made = signed_request(keys, to_json(ready_event()), now, "evt_wr_456_active");
    const auto seen = webhook::verify(keys, any_scheme, made.standard(), made.body, now);
    CHECK(reason_of(seen) == reasons::id_differs_from_key);
    CHECK(seen.error().what == webhook::refusal::kind::malformed);
}

TEST_CASE("the order of checks: scheme 2, the JSON, scheme 1, the members")
{
    auto keys = keys_of(plain_secret);
    auto others = keys_of("the-secret-of-somebody-else");
    const std::string no_json = "{";
    const auto no_user = body_without(R"("userId":"alice",)");
    const auto reason = [&](const request& made, const webhook::signature_headers& headers) {
        return reason_of(webhook::verify(keys, any_scheme, headers, made.body, now));
    };
    const auto foreign = signed_request(others, no_json);
    CHECK(reason(foreign, foreign.standard()) == reasons::signature_mismatch);
    CHECK(reason(foreign, foreign.seed()) == reasons::malformed_body);
    const auto incomplete = signed_request(others, no_user);
    CHECK(reason(incomplete, incomplete.seed()) == reasons::signature_mismatch);
    const auto own = signed_request(keys, no_user);
    CHECK(reason(own, own.seed()) == reasons::malformed_member);
    CHECK(reason(own, own.standard()) == reasons::malformed_member);
    CHECK(reason(own, own.both()) == reasons::malformed_member);
}

TEST_CASE("a body without a text for its idempotency key is malformed in either scheme")
{
    auto keys = keys_of(plain_secret);
    const auto made = signed_request(keys, body_without(R"(,"idempotencyKey":"evt_wr_123_active")"));
    for (const auto& headers : {made.seed(), made.standard(), made.both()}) {
        const auto seen = webhook::verify(keys, any_scheme, headers, made.body, now);
        CHECK(reason_of(seen) == reasons::malformed_member);
        CHECK(seen.error().what == webhook::refusal::kind::malformed);
    }
}

TEST_CASE("a refusal tells neither the secret nor the expected signature")
{
    auto keys = keys_of(plain_secret);
    auto others = keys_of("the-secret-of-somebody-else");
    const auto made = signed_request(others);
    const auto right = signed_request(keys);
    for (const auto& headers : {made.seed(), made.standard()}) {
        const auto seen = webhook::verify(keys, any_scheme, headers, made.body, now);
        REQUIRE_FALSE(seen.has_value());
        CHECK(seen.error().detail.find(plain_secret) == std::string::npos);
        CHECK(seen.error().detail.find(right.headers.seed.substr(12)) == std::string::npos);
        CHECK(seen.error().detail.find(right.headers.standard.substr(3)) == std::string::npos);
    }
}
