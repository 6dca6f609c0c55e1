// Rightly signed bodies that are not events: each is a 400, and nothing is stored.
#include "tests/catch.hpp"
#include "tests/integration/support/api.hpp"
#include "tests/integration/support/signing.hpp"
#include "tests/integration/support/wire.hpp"

using namespace integration;

namespace {

// What the operator's list of events begins with, to see that nothing was added.
std::string newest_event()
{
    return get(wire().receiver, "/user-app/events?limit=1").body;
}

// Posts `body` under `key`, signed in scheme 2 (scheme 1 signs the key in the body, so that a body without it
// would be refused for that), and expects a problem and an unchanged store.
void refused(const std::string& key, const std::string& body, unsigned status = 400)
{
    const auto before = newest_event();
    const auto answer = ask_raw(
        wire().receiver, request_bytes(wire().receiver, "POST", webhook_path,
                                       signature_headers(wire().secret, key, body, scheme::standard), body));
    REQUIRE(answer.has_value());
    INFO(body.substr(0, 300) << "\n" << shown(*answer));
    CHECK(is_problem(*answer, status));
    CHECK(newest_event() == before);
}

// The same for an event in which `member`'s value is `value`, JSON text.
std::string with_member(const sample_event& event, std::string_view member, std::string_view value)
{
    auto body = event.body;
    const auto at = body.find("\"" + std::string(member) + "\":") + member.size() + 3;
    const auto end = body.find_first_of(",}", at);
    body.replace(at, end - at, value);
    return body;
}

constexpr const char* members[] = {"type", "sessionId", "userId", "eventId", "issuedAt", "idempotencyKey"};

} // namespace

TEST_CASE("a body that is not whole JSON is refused", "[wire]")
{
    const auto event = make_event(unique("broken"));
    SECTION("empty")
    {
        refused(event.key, "");
    }
    SECTION("one character short")
    {
        refused(event.key, event.body.substr(0, event.body.size() - 1));
    }
    SECTION("cut in the middle")
    {
        refused(event.key, event.body.substr(0, event.body.size() / 2));
    }
    SECTION("something after it")
    {
        refused(event.key, event.body + "x");
    }
    SECTION("two of them")
    {
        refused(event.key, event.body + event.body);
    }
    SECTION("with a byte order mark")
    {
        refused(event.key, "\xEF\xBB\xBF" + event.body);
    }
    SECTION("white space")
    {
        refused(event.key, " \r\n\t");
    }
    SECTION("an array")
    {
        refused(event.key, "[" + event.body + "]");
    }
    SECTION("null")
    {
        refused(event.key, "null");
    }
    SECTION("a text")
    {
        refused(event.key, "\"event\"");
    }
    SECTION("a comment")
    {
        refused(event.key, "/* */" + event.body);
    }
    SECTION("a NUL at its end")
    {
        refused(event.key, event.body + std::string(1, '\0'));
    }
}

TEST_CASE("JSON that is too deep is refused", "[wire]")
{
    const auto event = make_event(unique("deep"));
    constexpr std::size_t depth = 10'000;
    const std::string arrays = std::string(depth, '[') + std::string(depth, ']');
    refused(event.key, arrays);
    refused(event.key, "{\"deep\":" + arrays + "," + event.body.substr(1));
    std::string objects;
    for (std::size_t level = 0; level < depth; ++level)
        objects += "{\"a\":";
    refused(event.key, objects + "1" + std::string(depth, '}'));
}

TEST_CASE("a body of one megabyte is too large", "[wire]")
{
    const auto event = make_event(unique("large"));
    refused(event.key, "{\"padding\":\"" + std::string(1'000'000, 'x') + "\"," + event.body.substr(1), 413);
}

TEST_CASE("an event without one of its members, or with one of the wrong type, is refused", "[wire]")
{
    const auto event = make_event(unique("types"));
    const std::string member = GENERATE(from_range(std::begin(members), std::end(members)));
    const auto value =
        GENERATE(as<std::string>{}, "null", "true", "[]", "{}", "\"\"", "-1.5e400", "\"\\u0000\"");
    CAPTURE(member, value);
    refused(event.key, with_member(event, member, value));
    auto without = event.body;
    without.replace(without.find("\"" + member + "\""), member.size() + 2, "\"other\"");
    refused(event.key, without);
}

TEST_CASE("a member given twice is refused, whichever of the two is right", "[wire]")
{
    const auto event = make_event(unique("duplicate"));
    const std::string member = GENERATE(from_range(std::begin(members), std::end(members)));
    CAPTURE(member);
    refused(event.key, "{\"" + member + "\":\"x\"," + event.body.substr(1));
    refused(event.key, event.body.substr(0, event.body.size() - 1) + ",\"" + member + "\":\"x\"}");
}

TEST_CASE("text that is not UTF-8 is refused", "[wire]")
{
    const auto event = make_event(unique("utf8"));
    const auto bytes = GENERATE(as<std::string>{}, "\xFF", "\xC0\x80", "\xC3", "\xED\xA0\x80",
                                "\xF4\x90\x80\x80", "\xE2\x28\xA1");
    refused(event.key, "{\"note\":\"" + bytes + "\"," + event.body.substr(1));
    refused(event.key, with_member(event, "userId", "\"" + bytes + "\""));
}

TEST_CASE("a userId that could not be in a path is refused", "[wire]")
{
    const auto event = make_event(unique("ids"));
    const auto id = GENERATE(as<std::string>{}, "a/b", "..", ".", "a b", "a%62", "a\\\\b", "a\\u0000",
                             "a\\nb", "\xC3\xA4", std::string(129, 'a'));
    refused(event.key, with_member(event, "userId", "\"" + id + "\""));
}

TEST_CASE("a key, session, type or event id that is not 1 to 256 visible characters is refused", "[wire]")
{
    const auto event = make_event(unique("visible"));
    const auto member = GENERATE(as<std::string>{}, "type", "sessionId", "eventId");
    const auto value =
        GENERATE(as<std::string>{}, "a b", "a\\tb", "\\u007f", "\xC3\xA4", std::string(257, 'a'));
    refused(event.key, with_member(event, member, "\"" + value + "\""));
}

TEST_CASE("256 visible characters and a userId of 128 are accepted", "[wire]")
{
    auto event = make_event(unique("longest") + std::string(100, 'a'));
    const auto longer = event.user + std::string(128 - event.user.size(), 'z');
    event.body = with_member(event, "userId", "\"" + longer + "\"");
    event.body = with_member(event, "sessionId", "\"" + std::string(256, '!') + "\"");
    const auto answer = ask_raw(wire().receiver, webhook_request(wire().receiver, event, wire().secret));
    REQUIRE(answer.has_value());
    CHECK(answer->status == 200);
    CHECK(receiver_api::inbox(wire().receiver, longer).size() == 1);
}

TEST_CASE("an issuedAt that is no time is refused", "[wire]")
{
    const auto event = make_event(unique("times"));
    const auto value =
        GENERATE(as<std::string>{}, "\"yesterday\"", "\"2025-13-01T00:00:00Z\"", "\"2025-02-30T00:00:00Z\"",
                 "\"2025-12-24T12:34:56\"", "\"2025-12-24T12:34:56+01:00\"", "\"2025-12-24 12:34:56Z\"",
                 "\"2025-12-24T12:34:60Z\"", "-1", "1e300", "\"1795452968\"");
    refused(event.key, with_member(event, "issuedAt", value));
}

TEST_CASE("a webhook-id that is not the idempotency key of the body is refused", "[wire]")
{
    const auto event = make_event(unique("key"));
    refused("evt_another_key_active", event.body);
}

TEST_CASE("a body that does not say that it is JSON is refused", "[wire]")
{
    const auto event = make_event(unique("media"));
    const auto type = GENERATE(as<std::string>{}, "text/plain", "application/xml",
                               "application/x-www-form-urlencoded", "application/jsonx", "");
    auto fields = signature_headers(wire().secret, event.key, event.body);
    fields.front().value = type;
    const auto answer =
        ask_raw(wire().receiver, request_bytes(wire().receiver, "POST", webhook_path, fields, event.body));
    REQUIRE(answer.has_value());
    INFO(type << " " << shown(*answer));
    CHECK(is_problem(*answer, 415));
    CHECK(receiver_api::events(wire().receiver, event.user).empty());
}
