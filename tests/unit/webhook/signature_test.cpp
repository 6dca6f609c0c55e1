#include "common/webhook/base64.hpp"
#include "common/webhook/signature.hpp"
#include "tests/catch.hpp"
#include "tests/unit/webhook/support.hpp"

#include <algorithm>

using namespace std::chrono_literals;
using webhook_tests::keys_of;
using webhook_tests::now;

namespace {

constexpr webhook::instant at_second(std::int64_t seconds)
{
    return webhook::instant{std::chrono::seconds{seconds}};
}

std::optional<std::size_t> match_standard(webhook::secrets& keys, std::string_view list)
{
    const auto candidates = webhook::parse_standard_signatures(list);
    return candidates ? webhook::match_standard(keys, *candidates, "id", "1", "body") : std::nullopt;
}

} // namespace

TEST_CASE("the known answers of scheme 2 come out")
{
    auto first = keys_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    CHECK(
        webhook::sign(first, "msg_p5jXN8AQM9LWM0D4loKWxJek", at_second(1614265330), R"({"test": 2432232314})")
            .standard == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    auto second = keys_of("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD");
    CHECK(webhook::sign(second, "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk", at_second(1649367553),
                        R"({"email":"test@example.com","username":"test_user"})")
              .standard == "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=");
}

TEST_CASE("the known answer of scheme 1 comes out, whatever the body")
{
    auto keys = keys_of("dev-secret");
    const std::string body = GENERATE(as<std::string>{}, "", "{}", "anything");
    CHECK(webhook::sign(keys, "evt_wr_123_active", at_second(1700000000), body).seed ==
          "hmac-sha256=8786ed8c21605c8800f6433ea7fac218169633690078e3f4a2d7db8ffd2cb7c6");
}

TEST_CASE(
    "an attempt is signed with its whole seconds, by the first secret in scheme 1 and by all in scheme 2")
{
    auto all = keys_of("first-secret,second-secret,third-secret");
    const auto made = webhook::sign(all, "the-key", now, "body");
    CHECK(made.id == "the-key");
    CHECK(made.timestamp == "1766579696");
    std::string expected;
    for (const auto* secret : {"first-secret", "second-secret", "third-secret"}) {
        auto one = keys_of(secret);
        expected += (expected.empty() ? "" : " ") + webhook::sign(one, "the-key", now, "body").standard;
    }
    CHECK(made.standard == expected);
    auto first = keys_of("first-secret");
    CHECK(made.seed == webhook::sign(first, "the-key", now, "body").seed);
}

TEST_CASE("a timestamp is read when it is canonical decimal")
{
    CHECK(webhook::parse_timestamp("0") == 0s);
    CHECK(webhook::parse_timestamp("1") == 1s);
    CHECK(webhook::parse_timestamp("1700000000") == 1700000000s);
    CHECK(webhook::parse_timestamp("999999999999") == 999999999999s);
}

TEST_CASE("a timestamp in any other writing is not read")
{
    const std::string text =
        GENERATE(as<std::string>{}, "", "+1", "-1", "01", "00", "1e9", "1.5", "1.", " 1", "1 ", "\t1", "0x1",
                 "1_0", "1,000", "1000000000000", "17000000001700000000", "99999999999999999999", "\xD9\xA1");
    CAPTURE(text);
    CHECK_FALSE(webhook::parse_timestamp(text).has_value());
    CHECK_FALSE(webhook::parse_timestamp(std::string_view{"1\0", 2}).has_value());
}

TEST_CASE("clocks 300 s apart are near enough, in whole seconds and in both directions, and 301 s are not")
{
    const auto part = GENERATE(0ms, 1ms, 500ms, 999ms);
    const auto at = at_second(1'700'000'000) + part; // the part of a second does not count
    for (const auto direction : {1, -1}) {
        CHECK(webhook::within_skew(1'700'000'000s + direction * 299s, at, 300s));
        CHECK(webhook::within_skew(1'700'000'000s + direction * 300s, at, 300s));
        CHECK_FALSE(webhook::within_skew(1'700'000'000s + direction * 301s, at, 300s));
    }
    CHECK(webhook::within_skew(1'700'000'000s, at, 0s));
    CHECK_FALSE(webhook::within_skew(0s, at, 300s));
    CHECK_FALSE(webhook::within_skew(999'999'999'999s, at, 300s));
}

TEST_CASE("X-Signature is read only with its prefix and 64 lower-case digits")
{
    const std::string digits = "8786ed8c21605c8800f6433ea7fac218169633690078e3f4a2d7db8ffd2cb7c6";
    const auto read = webhook::parse_seed_signature("hmac-sha256=" + digits);
    REQUIRE(read.has_value());
    CHECK((*read)[0] == 0x87);
    CHECK((*read)[31] == 0xC6);
    std::string upper = digits;
    std::transform(upper.begin(), upper.end(), upper.begin(),
                   [](char c) { return c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c; });
    for (const auto& bad :
         {std::string{}, digits, "hmac-sha256=" + upper, "HMAC-SHA256=" + digits, "sha256=" + digits,
          "hmac-sha256= " + digits, "hmac-sha256=" + digits + " ", "hmac-sha256=" + digits + "00",
          "hmac-sha256=" + digits.substr(1), "hmac-sha256=" + digits.substr(2),
          "hmac-sha256=g" + digits.substr(1), "hmac-sha256:" + digits, std::string{"hmac-sha256="}})
    {
        CAPTURE(bad);
        CHECK_FALSE(webhook::parse_seed_signature(bad).has_value());
    }
}

TEST_CASE("any secret of eight may have made a signature, and the match says which")
{
    std::string text;
    for (int i = 1; i <= 8; ++i)
        text += "the-secret-number-" + std::to_string(i) + ' ';
    auto all = keys_of(text);
    for (std::size_t i = 1; i <= 8; ++i) {
        auto one = keys_of("the-secret-number-" + std::to_string(i));
        CHECK(webhook::match_seed(all, one.seed_digest(0, "1", "key"), "1", "key") == i);
        CHECK(webhook::match_standard(all, {one.standard_digest(0, "id", "1", "body")}, "id", "1", "body") ==
              i);
    }
    auto other = keys_of("the-secret-number-9");
    CHECK_FALSE(webhook::match_seed(all, other.seed_digest(0, "1", "key"), "1", "key").has_value());
    CHECK_FALSE(webhook::match_standard(all, {other.standard_digest(0, "id", "1", "body")}, "id", "1", "body")
                    .has_value());
}

TEST_CASE("eight signatures in webhook-signature are tried wherever the good one stands; nine are refused")
{
    auto keys = keys_of("the-secret");
    const auto good = "v1," + webhook::to_base64(keys.standard_digest(0, "id", "1", "body"));
    const auto bad = "v1," + webhook::to_base64(keys.standard_digest(0, "id", "2", "body"));
    const auto count = GENERATE(std::size_t{1}, std::size_t{2}, std::size_t{8}, std::size_t{9});
    for (std::size_t place = 0; place < count; ++place) {
        std::string list;
        for (std::size_t i = 0; i < count; ++i)
            list += (i == 0 ? "" : " ") + (i == place ? good : bad);
        CHECK(match_standard(keys, list).has_value() == (count <= 8));
    }
}

TEST_CASE("entries of an unknown version or in broken base64 are skipped")
{
    auto keys = keys_of("the-secret");
    const auto base64 = webhook::to_base64(keys.standard_digest(0, "id", "1", "body"));
    const auto good = "v1," + base64;
    for (const auto& skipped :
         {"v2," + base64, "v1a," + base64, "V1," + base64, ',' + base64, base64, "v1," + base64.substr(0, 43),
          "v1," + base64 + '=', std::string{"v1,Zm9v"}, std::string{"v1,"}, std::string{"v1"}, std::string{},
          "v1, " + base64, "v1," + base64 + ",v1"})
    {
        CAPTURE(skipped);
        CHECK_FALSE(match_standard(keys, skipped).has_value());
        auto first = skipped;
        first.append(" ").append(good);
        CHECK(match_standard(keys, first).has_value());
        auto last = good;
        last.append(" ").append(skipped);
        CHECK(match_standard(keys, last).has_value());
    }
}
