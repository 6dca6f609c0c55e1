#include "common/webhook/secrets.hpp"
#include "tests/catch.hpp"
#include "tests/unit/webhook/support.hpp"

#include <type_traits>

using webhook::secrets;
using webhook_tests::keys_of;

namespace {

std::string numbered_secrets(std::size_t count, std::string_view separator)
{
    std::string text;
    for (std::size_t i = 0; i < count; ++i)
        text += (i == 0 ? "" : std::string(separator)) + "a-secret-that-is-number-" + std::to_string(i);
    return text;
}

} // namespace

TEST_CASE("one to eight secrets are read, whatever separates them")
{
    const auto count = GENERATE(range(std::size_t{1}, std::size_t{9}));
    const std::string separator = GENERATE(as<std::string>{}, ",", " ", "\n", "\r\n", "\t", ", ", " , ,\v\f");
    CHECK(keys_of(numbered_secrets(count, separator)).size() == count);
    CHECK(keys_of(separator + numbered_secrets(count, separator) + separator).size() == count);
}

TEST_CASE("no secret and nine secrets are refused")
{
    const std::string none = GENERATE(as<std::string>{}, "", " ", ",", ", \n,");
    CHECK(secrets::parse(none).error().detail == "there is no secret");
    CHECK(secrets::parse(numbered_secrets(9, ",")).error().detail ==
          "there are 9 secrets; at most 8 are accepted");
}

TEST_CASE("the same secret twice is refused by its places")
{
    CHECK(secrets::parse("first-one,second-one,first-one").error().detail ==
          "secret 3 is the same as secret 1");
}

TEST_CASE("a whsec_ that is not followed by canonical base64 is refused, and the refusal does not quote it")
{
    const std::string rest = GENERATE(as<std::string>{}, "", "M", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS",
                                      "MfKQ9r8GKYqrTwjUPD8ILA", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS-", "TWZ=");
    const auto parsed = secrets::parse("an-ordinary-secret whsec_" + rest);
    REQUIRE_FALSE(parsed.has_value());
    CHECK(parsed.error().detail == "secret 2 is malformed: after `whsec_` comes base64 with its padding");
}

TEST_CASE("a secret with a byte that is not visible ASCII is refused")
{
    const std::string bad = GENERATE(as<std::string>{}, "se\x01ret", "secr\x7F",
                                     "s\xC3\xA9"
                                     "cret",
                                     "\xFF");
    const auto parsed = secrets::parse("good-one," + bad);
    REQUIRE_FALSE(parsed.has_value());
    CHECK(parsed.error().detail == "secret 2 holds a character that is not visible ASCII");
    CHECK_FALSE(secrets::parse(std::string_view{"nul\0nul", 7}).has_value());
}

TEST_CASE("short secrets and the demo's own are warned of, without being quoted")
{
    CHECK(keys_of("0123456789abcdef").warnings().empty()); // 16 bytes
    CHECK(keys_of("0123456789abcde").warnings() ==
          std::vector<std::string>{"secret 1 is shorter than the 16 bytes that are recommended"});
    CHECK(keys_of("0123456789abcdef,dev-secret").warnings() ==
          std::vector<std::string>{"secret 2 is the demo's `dev-secret`, which everyone knows"});
    // 15 decoded bytes are short although their text is longer; 16 are not.
    CHECK(keys_of("whsec_AAAAAAAAAAAAAAAAAAAA").warnings().size() == 1);
    CHECK(keys_of("whsec_AAAAAAAAAAAAAAAAAAAAAA==").warnings().empty());
}

TEST_CASE("secrets can be moved and go on signing, but not be copied")
{
    STATIC_REQUIRE(std::is_nothrow_move_constructible_v<secrets>);
    STATIC_REQUIRE_FALSE(std::is_copy_constructible_v<secrets>);
    auto first = keys_of("first-secret");
    const auto expected = first.seed_digest(0, "1", "key");
    auto second = std::move(first);
    CHECK(second.seed_digest(0, "1", "key") == expected);
    auto third = keys_of("another-secret");
    CHECK(third.seed_digest(0, "1", "key") != expected);
    third = std::move(second);
    CHECK(third.seed_digest(0, "1", "key") == expected);
}

TEST_CASE("a copy signs as the original does, and outlives it")
{
    const std::string text = "first-secret,whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw,dev-secret";
    auto fresh = keys_of(text);
    auto original = std::make_unique<secrets>(keys_of(text));
    original->seed_digest(0, "1", "used already");
    auto copy = original->copy();
    CHECK(copy.warnings() == original->warnings());
    original.reset();
    REQUIRE(copy.size() == 3);
    for (std::size_t i = 0; i < copy.size(); ++i) {
        CHECK(copy.seed_digest(i, "1", "key") == fresh.seed_digest(i, "1", "key"));
        CHECK(copy.standard_digest(i, "id", "1", "body") == fresh.standard_digest(i, "id", "1", "body"));
    }
}

TEST_CASE("the kept contexts give the same digests in any order, as fresh ones do")
{
    auto kept = keys_of("first-secret,whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw,third-secret");
    const auto digest_by = [](secrets& keys, std::size_t step) {
        const auto index = step % 3;
        const std::string body(step * 37 % 300, 'b');
        return step % 2 == 0 ? keys.standard_digest(index, "id", std::to_string(step), body)
                             : keys.seed_digest(index, std::to_string(step), "key");
    };
    for (std::size_t step = 0; step < 60; ++step) {
        auto fresh = keys_of("first-secret,whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw,third-secret");
        const auto order = step * 7 % 60;
        CHECK(digest_by(kept, order) == digest_by(fresh, order));
    }
}

TEST_CASE("a whsec_ secret signs scheme 1 with its text and scheme 2 with its decoded bytes")
{
    auto encoded = keys_of("whsec_YS1wbGFpbi1zZWNyZXQtdG9v"); // "a-plain-secret-too"
    auto decoded = keys_of("a-plain-secret-too");
    CHECK(encoded.standard_digest(0, "id", "1", "body") == decoded.standard_digest(0, "id", "1", "body"));
    CHECK(encoded.seed_digest(0, "1", "key") != decoded.seed_digest(0, "1", "key"));
}
