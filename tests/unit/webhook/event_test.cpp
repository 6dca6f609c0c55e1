#include "common/webhook/event.hpp"
#include "tests/catch.hpp"
#include "tests/unit/webhook/support.hpp"

// The six members: what each may be, and how an event is made and written.

namespace {

// A valid body with the JSON text of one member's value replaced.
std::string body_with(std::string_view name, std::string_view json_value)
{
    std::string body = "{";
    for (const auto& [member, value] :
         {std::pair<std::string_view, std::string_view>{"type", R"("WAITING_ROOM_ACTIVE")"},
          {"sessionId", R"("wr_123")"},
          {"userId", R"("alice")"},
          {"eventId", R"("evt_1766600000000")"},
          {"issuedAt", R"("2025-12-24T12:34:56Z")"},
          {"idempotencyKey", R"("evt_wr_123_active")"}})
    {
        body += body.size() == 1 ? "\"" : ",\"";
        body += std::string(member) + "\":" + std::string(member == name ? json_value : value);
    }
    return body + '}';
}

std::string in_quotes(std::string_view text)
{
    return '"' + std::string(text) + '"';
}

std::string error_of(std::string_view body)
{
    const auto parsed = webhook::parse_event(body);
    return parsed ? "accepted" : parsed.error().detail;
}

std::string shown_issued_at(std::string_view json_value)
{
    const auto parsed = webhook::parse_event(body_with("issuedAt", json_value));
    return parsed ? parsed->issued_at : "refused";
}

} // namespace

TEST_CASE("the event of a user who becomes ready is written as the contract shows it")
{
    const webhook::instant at{std::chrono::milliseconds{1'766'579'696'789}};
    const auto made = webhook::make_ready_event("alice", "wr_123", at);
    CHECK(
        webhook::to_json(made) ==
        R"({"type":"WAITING_ROOM_ACTIVE","sessionId":"wr_123","userId":"alice","eventId":"evt_1766579696789",)"
        R"("issuedAt":"2025-12-24T12:34:56Z","idempotencyKey":"evt_wr_123_active"})");
    const auto read = webhook::parse_event(webhook::to_json(made));
    REQUIRE(read.has_value());
    CHECK(*read == made);
}

TEST_CASE("members with quotes and backslashes survive writing and reading")
{
    auto value = webhook_tests::ready_event();
    value.type = R"(a"b\c/d)";
    const auto read = webhook::parse_event(webhook::to_json(value));
    REQUIRE(read.has_value());
    CHECK(*read == value);
}

TEST_CASE("each missing member is named")
{
    const std::string name =
        GENERATE(as<std::string>{}, "type", "sessionId", "userId", "eventId", "issuedAt", "idempotencyKey");
    auto body = body_with("", "");
    REQUIRE(error_of(body) == "accepted");
    body.replace(body.find(in_quotes(name)), name.size() + 2, R"("unknown")");
    CHECK(error_of(body) == "the member " + name + " is missing");
}

TEST_CASE("a member of a wrong type is refused, whichever it is")
{
    const std::string name =
        GENERATE(as<std::string>{}, "type", "sessionId", "userId", "eventId", "issuedAt", "idempotencyKey");
    const std::string value =
        GENERATE(as<std::string>{}, "null", "true", "false", "{}", "[]", R"(["x"])", R"({"x":"y"})", R"("")");
    CAPTURE(name, value);
    CHECK(error_of(body_with(name, value)).starts_with("the member " + name + " is n"));
    if (name != "issuedAt")
        CHECK(error_of(body_with(name, "1795452968")) == "the member " + name + " is not a text");
}

TEST_CASE("names of 256 visible characters are taken, and 257, spaces, controls and non-ASCII are not")
{
    const std::string name = GENERATE(as<std::string>{}, "type", "sessionId", "eventId", "idempotencyKey");
    CHECK(error_of(body_with(name, in_quotes(std::string(256, '~')))) == "accepted");
    CHECK(error_of(body_with(name, in_quotes("!"))) == "accepted");
    const std::string refused = "the member " + name + " is not 1 to 256 visible ASCII characters";
    CHECK(error_of(body_with(name, in_quotes(std::string(257, 'x')))) == refused);
    for (const auto* text : {"", " ", "a b", "a\\tb", "a\\u0000b", "\\u007f", "\\u00e9", "\xC3\xA9", "a\\n"})
    {
        CAPTURE(text);
        CHECK(error_of(body_with(name, in_quotes(text))) == refused);
    }
}

TEST_CASE("a user id is 1 to 128 of the permitted characters, and neither . nor ..")
{
    for (int c = 0; c < 256; ++c) {
        const std::string text(1, static_cast<char>(c));
        const std::string_view permitted =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_~@:+-";
        CAPTURE(c);
        CHECK(webhook::valid_user_id(text) == (permitted.find(text) != std::string_view::npos));
        CHECK(webhook::valid_user_id("x" + text) ==
              (c == '.' || permitted.find(text) != std::string_view::npos));
    }
    CHECK(webhook::valid_user_id("..."));
    CHECK_FALSE(webhook::valid_user_id(""));
    CHECK_FALSE(webhook::valid_user_id("."));
    CHECK_FALSE(webhook::valid_user_id(".."));
    CHECK(webhook::valid_user_id(std::string(128, 'a')));
    CHECK_FALSE(webhook::valid_user_id(std::string(129, 'a')));
}

TEST_CASE("the userId of a body follows the same rule")
{
    CHECK(error_of(body_with("userId", in_quotes("a.b_c~d@e:f+g-9"))) == "accepted");
    CHECK(error_of(body_with("userId", in_quotes(std::string(128, 'a')))) == "accepted");
    for (const auto& text : {std::string{"."}, std::string{".."}, std::string{"a/b"}, std::string{"a\\u0000"},
                             std::string{"a b"}, std::string{"%41"}, std::string(129, 'a')})
        CHECK(
            error_of(body_with("userId", in_quotes(text))).starts_with("the member userId is not 1 to 128"));
}

TEST_CASE("a textual issuedAt is kept as it came")
{
    for (const auto* text :
         {"2025-12-24T12:34:56Z", "2025-12-24T12:34:56.5Z", "2025-12-24T12:34:56.123456789Z"})
        CHECK(shown_issued_at(in_quotes(text)) == text);
    for (const auto* text : {"2025-12-24T12:34:56+01:00", "2025-12-24T12:34:56.1234567890Z",
                             "2025-02-30T00:00:00Z", "1795452968", "soon"})
        CHECK(shown_issued_at(in_quotes(text)) == "refused");
}

TEST_CASE("a numeric issuedAt is shown as ISO 8601, with milliseconds when it has any")
{
    CHECK(shown_issued_at("1795452968.441928715") == "2026-11-23T16:56:08.441Z");
    CHECK(shown_issued_at("1795452968.441000000") == "2026-11-23T16:56:08.441Z");
    CHECK(shown_issued_at("1795452968") == "2026-11-23T16:56:08Z");
    CHECK(shown_issued_at("1795452968.000000000") == "2026-11-23T16:56:08Z");
    CHECK(shown_issued_at("1795452968.0009") == "2026-11-23T16:56:08Z");
    CHECK(shown_issued_at("1.795452968441928715E9") == "2026-11-23T16:56:08.441Z");
    CHECK(shown_issued_at("0") == "1970-01-01T00:00:00Z");
}

TEST_CASE("a numeric issuedAt that is negative, too late, infinite or huge is refused")
{
    for (const auto* number :
         {"-1", "-0.1", "253402300800", "1E400", "-1E400", "1E308", "9223372036854775807",
          "18446744073709551615", "18446744073709551616", "1766579696789",
          "100000000000000000000000000000000000000000000000000000000000000000000000000000000"})
        CHECK(shown_issued_at(number) == "refused");
}
