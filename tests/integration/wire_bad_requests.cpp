// Paths, queries and registrations that the services do not take.
#include "tests/catch.hpp"
#include "tests/integration/support/api.hpp"
#include "tests/integration/support/signing.hpp"
#include "tests/integration/support/wire.hpp"

using namespace integration;

namespace {

// Registers with `body` as it is, expects a problem and that the user stays unknown.
void registration_refused(std::string_view body, unsigned status,
                          const std::string& type = "application/json")
{
    const auto user = unique("bad");
    const auto answer =
        ask(wire().sender, "POST", "/ticketmaster/register/" + user, {{"Content-Type", type}}, body);
    INFO(body.substr(0, 200) << "\n" << shown(answer));
    CHECK(is_problem(answer, status));
    CHECK(get(wire().sender, "/ticketmaster/status/" + user).status == 404);
}

std::string registration(std::string_view url)
{
    return R"({"callbackUrl":")" + std::string(url) + R"("})";
}

} // namespace

TEST_CASE("a user id that is not 1 to 128 of the permitted characters is refused on every path", "[wire]")
{
    const auto id = GENERATE(as<std::string>{}, "..", ".", "%2e%2e", "%2E", "a%2Fb", "%2e%2e%2fetc", "a%00",
                             "%00", std::string(129, 'a'), "%2561", "a%25", "a%20b", "a%0d%0ab", "%c3%a4",
                             "a,b", "a;b", "a!b", "%", "%6", "%zz", "a%7f", "a%5cb", "a=b", "a&b", "a*b");
    struct row
    {
        bool of_sender;
        const char* method;
        const char* path;
    };
    for (const auto& one :
         {row{true, "POST", "/ticketmaster/register/"}, row{true, "DELETE", "/ticketmaster/register/"},
          row{true, "POST", "/ticketmaster/start/"}, row{true, "GET", "/ticketmaster/status/"},
          row{false, "GET", "/user-app/inbox/"}})
    {
        const auto answer =
            ask(one.of_sender ? wire().sender : wire().receiver, one.method, one.path + id,
                {{"Content-Type", "application/json"}},
                std::string_view(one.method) == "POST" ? registration(wire().callback_url) : "");
        INFO(one.method << " " << one.path << id << "\n" << shown(answer));
        CHECK(is_problem(answer, 400));
    }
}

TEST_CASE("every permitted character may be in a user id, 128 of them too", "[wire]")
{
    const auto tail = unique("Zz09._~@:+-");
    const auto id =
        GENERATE_COPY(as<std::string>{}, tail, tail + std::string(128 - tail.size(), 'a'), "..." + tail);
    sender_api::register_user(wire().sender, id, wire().callback_url);
    CHECK(text_of(sender_api::status(wire().sender, id), "userId") == id);
    CHECK(receiver_api::inbox(wire().receiver, id).empty());
    sender_api::unregister(wire().sender, id);
}

TEST_CASE("a path with more or fewer segments than a row has is unknown", "[wire]")
{
    const auto path = GENERATE(as<std::string>{}, "/ticketmaster/status/a/b", "/ticketmaster/status",
                               "/ticketmaster/status/a/", "/ticketmaster//status/a", "/ticketmaster",
                               "/ticketmaster/status/a/..", "/x/../livez");
    const auto answer = get(wire().sender, path);
    INFO(path << " " << shown(answer));
    CHECK(is_problem(answer, 404));
}

TEST_CASE("a registration that is not JSON with a callbackUrl is refused", "[wire]")
{
    SECTION("empty")
    {
        registration_refused("", 400);
    }
    SECTION("cut short")
    {
        registration_refused(R"({"callbackUrl":"http://)", 400);
    }
    SECTION("no member")
    {
        registration_refused("{}", 400);
    }
    SECTION("another case of letters")
    {
        registration_refused(R"({"callbackurl":"http://example.com/"})", 400);
    }
    SECTION("null")
    {
        registration_refused(R"({"callbackUrl":null})", 400);
    }
    SECTION("a number")
    {
        registration_refused(R"({"callbackUrl":1})", 400);
    }
    SECTION("an array")
    {
        registration_refused(R"({"callbackUrl":["http://example.com/"]})", 400);
    }
    SECTION("an array of it")
    {
        registration_refused("[" + registration("http://example.com/") + "]", 400);
    }
    SECTION("given twice")
    {
        registration_refused(R"({"callbackUrl":"http://example.com/","callbackUrl":"http://example.com/"})",
                             400);
    }
    SECTION("not UTF-8")
    {
        registration_refused("{\"callbackUrl\":\"http://example.com/\",\"a\":\"\xFF\"}", 400);
    }
    SECTION("10,000 deep")
    {
        registration_refused(R"({"callbackUrl":"http://example.com/","a":)" + std::string(10'000, '[') +
                                 std::string(10'000, ']') + "}",
                             400);
    }
    SECTION("not said to be JSON")
    {
        registration_refused(registration("http://example.com/"), 415, "text/plain");
    }
}

TEST_CASE("a callback that is no http or https URL with a host, or has more than that, is refused", "[wire]")
{
    const auto url = GENERATE(
        as<std::string>{}, "", "example.com", "/path", "//example.com/", "http:///path", "http://",
        "ftp://example.com/", "file:///etc/passwd", "javascript:alert(1)", "http://user@example.com/",
        "http://user:pass@example.com/", "http://example.com/#fragment", "http://example.com/\\\\b",
        "http:\\\\\\\\example.com/", "http://example.com/a b", "http://example.com/\\u0000",
        "http://example.com/\\r\\nX: y", "http://\xC3\xA4.example/", "http://example.com/\xC3\xA4",
        "http://example.com:0/", "http://example.com:65536/", "http://example.com:x/", "http://[::1/",
        "http://[zz]/", " http://example.com/", "http://example.com/ ");
    INFO(url);
    registration_refused(registration(url), 400);
}

TEST_CASE("a callback URL of 2,049 characters is refused, one of 2,048 is not", "[wire]")
{
    const std::string start = wire().callback_url + "?";
    registration_refused(registration(start + std::string(2'049 - start.size(), 'a')), 400);
    const auto user = unique("longurl");
    sender_api::register_user(wire().sender, user, start + std::string(2'048 - start.size(), 'a'));
    sender_api::unregister(wire().sender, user);
}

TEST_CASE("a callback whose address may not be called is refused with 422, however it is spelt", "[wire]")
{
    const auto url =
        GENERATE(as<std::string>{}, "http://10.0.0.1/", "http://10.1/", "http://0xa.0.0.1/",
                 "http://012.0.0.1/", "http://167772161/", "http://192.168.1.1:8080/x",
                 "http://169.254.169.254/latest/meta-data/", "http://172.16.0.1/", "http://0.0.0.0/",
                 "http://100.64.0.1/", "http://224.0.0.1/", "http://255.255.255.255/", "http://[fe80::1]/",
                 "http://[fc00::1]/", "http://[::ffff:10.0.0.1]/", "http://[::ffff:a00:1]/",
                 "http://[64:ff9b::a00:1]/", "http://[2002:a00:1::]/", "http://[::]/", "https://10.0.0.1/");
    INFO(url);
    registration_refused(registration(url), 422);
}

TEST_CASE("a malformed query is refused", "[wire]")
{
    const auto target = GENERATE(
        as<std::string>{}, "/ticketmaster/deliveries?limit=%zz", "/ticketmaster/deliveries?user%00Id=a",
        "/ticketmaster/deliveries?limit=1&limit=1", "/ticketmaster/deliveries?%6cimit=1&limit=1");
    const auto answer = get(wire().sender, target);
    INFO(target << " " << shown(answer));
    CHECK(is_problem(answer, 400));
}
