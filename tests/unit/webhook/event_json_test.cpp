#include "tests/catch.hpp"
#include "tests/unit/webhook/support.hpp"

// The grammar of a body: what is JSON, what is ignored, and what is refused whatever the members are.

using webhook::parse_event;

namespace {

std::string valid_body()
{
    return webhook::to_json(webhook_tests::ready_event());
}

// A valid body with more members in front of the six.
std::string with_members(std::string_view members)
{
    return '{' + std::string(members) + ',' + valid_body().substr(1);
}

std::string nested(std::size_t levels, std::string_view open, std::string_view close)
{
    std::string text;
    for (std::size_t i = 0; i < levels; ++i)
        text += open;
    text += '1';
    for (std::size_t i = 0; i < levels; ++i)
        text += close;
    return text;
}

std::string error_of(std::string_view body)
{
    const auto parsed = parse_event(body);
    return parsed ? "accepted" : parsed.error().detail;
}

} // namespace

TEST_CASE("unknown members are ignored, nested and repeated ones too")
{
    const std::string members = GENERATE(
        as<std::string>{}, R"("extra":1)", R"("extra":null,"extra":[true,false])", R"("":"")",
        R"("Type":"other")", R"("extra":{"userId":"mallory","type":{"type":[{"type":2}]}})",
        R"("extra":["userId","mallory"])", R"("n":-12.5e-3,"m":1E400,"o":123456789012345678901234567890)",
        R"("\ud83d\ude00":"\u20ac")");
    const auto parsed = parse_event(with_members(members));
    REQUIRE(parsed.has_value());
    CHECK(*parsed == webhook_tests::ready_event());
}

TEST_CASE("white space around and inside the object is of no account")
{
    auto body = valid_body();
    body.replace(body.find(','), 1, " ,\r\n\t");
    const auto parsed = parse_event(" \r\n\t" + body + " \r\n\t");
    REQUIRE(parsed.has_value());
    CHECK(*parsed == webhook_tests::ready_event());
}

TEST_CASE("a member given twice is refused, also when it is the same or written with escapes")
{
    const std::string name =
        GENERATE(as<std::string>{}, "type", "sessionId", "userId", "eventId", "issuedAt", "idempotencyKey");
    const std::string value = GENERATE(as<std::string>{}, R"("x")", "null", "1", "{}", "[1]");
    const auto refused = "the member " + name + " is given twice";
    CHECK(error_of(with_members('"' + name + "\":" + value)) == refused);
    auto body = valid_body();
    body.insert(body.size() - 1, ",\"" + name + "\":" + value);
    CHECK(error_of(body) == refused);
    CHECK(error_of(with_members(R"("\u0074ype":)" + value)) == "the member type is given twice");
}

TEST_CASE("a body cut short at any byte is refused")
{
    const auto body = with_members(R"("extra":{"a":[1,"b",null]},"\u20ac":-1.5e3)");
    REQUIRE(parse_event(body).has_value());
    for (std::size_t length = 0; length < body.size(); ++length) {
        CAPTURE(length);
        CHECK_FALSE(parse_event(std::string_view{body}.substr(0, length)).has_value());
    }
}

TEST_CASE("an empty body, something else than an object and bytes after it are refused")
{
    CHECK(error_of("") == "the body is empty; a JSON object is expected");
    CHECK(error_of({}) == "the body is empty; a JSON object is expected");
    for (const auto& body : {std::string{"[]"}, '[' + valid_body() + ']', std::string{"1"},
                             std::string{"null"}, std::string{"\"type\""}})
        CHECK(error_of(body) == "the body is JSON, but not an object");
    for (const auto& body :
         {valid_body() + 'x', valid_body() + valid_body(), valid_body() + ',', valid_body() + '}',
          valid_body() + std::string(1, '\0'), "\xEF\xBB\xBF" + valid_body(), std::string{" "},
          valid_body() + "// comment", with_members("/* comment */ \"a\":1"), with_members("\"a\":1,"),
          with_members("'a':1"), with_members("\"a\":NaN"), with_members("\"a\":01"),
          with_members("\"a\":+1"), with_members("\"a\":\"\n\"")})
    {
        CAPTURE(body);
        CHECK(error_of(body).starts_with("the body is not JSON"));
    }
}

TEST_CASE("32 levels are read, and 33 or 10,000 are refused")
{
    for (const auto& [open, close] :
         {std::pair<std::string_view, std::string_view>{"[", "]"}, {"{\"a\":", "}"}}) {
        CHECK(error_of(with_members("\"deep\":" + nested(31, open, close))) == "accepted");
        CHECK(error_of(with_members("\"deep\":" + nested(32, open, close)))
                  .starts_with("the body is not JSON"));
        CHECK(error_of(with_members("\"deep\":" + nested(10'000, open, close)))
                  .starts_with("the body is not JSON"));
        CHECK(error_of(nested(10'000, open, close)).starts_with("the body is not JSON"));
    }
}

TEST_CASE("invalid UTF-8 is refused in the six members, in unknown ones, in names and at any depth")
{
    const std::string bad = GENERATE(as<std::string>{},
                                     "\x80",             // a continuation alone
                                     "\xC3",             // cut short
                                     "\xC0\xAF",         // overlong
                                     "\xE0\x80\xAF",     // overlong
                                     "\xED\xA0\x80",     // a surrogate
                                     "\xF4\x90\x80\x80", // beyond U+10FFFF
                                     "\xF8\x88\x80\x80\x80", "\xFE", "\xFF");
    const auto refused = [](const std::string& body) {
        return error_of(body).starts_with("the body is not JSON");
    };
    CHECK(refused(with_members("\"extra\":\"" + bad + '"')));
    CHECK(refused(with_members('"' + bad + "\":1")));
    CHECK(refused(with_members("\"extra\":[{\"" + bad + "\":1}]")));
    CHECK(refused(with_members("\"extra\":[{\"a\":\"x" + bad + "y\"}]")));
    auto body = valid_body();
    body.insert(body.find("alice"), bad);
    CHECK(refused(body));
}

TEST_CASE("escapes of half a surrogate pair are refused")
{
    for (const auto* text : {R"("\ud800")", R"("\udc00")", R"("\ud800x")", R"("\ud800\ud800")"})
        CHECK(error_of(with_members("\"extra\":" + std::string(text))).starts_with("the body is not JSON"));
}

TEST_CASE("an error quotes no more of the body than a member's name")
{
    const auto detail = error_of(with_members("\"extra\":<script>alert</script>"));
    CHECK(detail.find("script") == std::string::npos);
}

TEST_CASE("one megabyte of text is read or refused like any other")
{
    CHECK(error_of(with_members("\"extra\":\"" + std::string(1'000'000, 'x') + '"')) == "accepted");
    CHECK(error_of(std::string(1'000'000, 'x')).starts_with("the body is not JSON"));
    CHECK(error_of(std::string(1'000'000, '[')).starts_with("the body is not JSON"));
    auto body = valid_body();
    body.insert(body.find("wr_123"), std::string(1'000'000, 'x'));
    CHECK(error_of(body).starts_with("the member sessionId is not 1 to 256"));
}
