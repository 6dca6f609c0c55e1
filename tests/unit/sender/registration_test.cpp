#include "sender-service/registration.hpp"
#include "tests/catch.hpp"

namespace {

auto read(std::string_view body, const http::address_policy& policy = {},
          const std::vector<std::string>& origins = {})
{
    return sender::read_registration(body, policy, origins);
}

} // namespace

TEST_CASE("a registration is an object with a callbackUrl; what else it holds is ignored")
{
    const auto plain = read(R"({"callbackUrl":"https://app.example/hook?a=1"})");
    REQUIRE(plain.has_value());
    CHECK(plain->url == "https://app.example/hook?a=1");
    CHECK(plain->origin == "https://app.example");
    CHECK(read(R"({"other":[1,{"callbackUrl":2}],"callbackUrl":"http://app.example:8081"})")->origin ==
          "http://app.example:8081");
}

TEST_CASE("a body that is no registration is refused with 400")
{
    const auto* const body =
        GENERATE("", "null", "[]", "\"http://app.example\"", "{}", "{", R"({"callbackUrl":null})",
                 R"({"callbackUrl":5})", R"({"callbackUrl":["http://app.example"]})",
                 R"({"callbackurl":"http://app.example"})",
                 R"({"callbackUrl":"http://a.example","callbackUrl":"http://b.example"})",
                 R"({"callbackUrl":"http://app.example"} x)", "{\"callbackUrl\":\"http://\xff\"}");
    CAPTURE(body);
    const auto refused = read(body);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().status == 400);
    CHECK_FALSE(refused.error().detail.empty());
}

TEST_CASE("a malformed URL is refused with 400 and the name of the member")
{
    const auto* const url =
        GENERATE("", "app.example", "ftp://app.example", "http://", "http://user@app.example",
                 "http://app.example/#top", "http://app.example:0/", "http://a b/", "javascript:alert(1)");
    CAPTURE(url);
    const auto refused = read(std::string(R"({"callbackUrl":")") + url + R"("})");
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().status == 400);
    CHECK(refused.error().detail.starts_with("callbackUrl: "));
}

TEST_CASE("an address that callbacks may not go to is refused with 422")
{
    const auto* const host =
        GENERATE("127.0.0.1", "localhost", "[::1]", "10.0.0.1", "169.254.169.254", "0x7f.1");
    CAPTURE(host);
    const auto body = std::string(R"({"callbackUrl":"http://)") + host + R"(/hook"})";
    const auto refused = read(body);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().status == 422);
}

TEST_CASE("loopback is taken where it is permitted")
{
    CHECK(read(R"({"callbackUrl":"http://127.0.0.1:8081/hook"})", http::address_policy::loopback())
              .has_value());
    CHECK(read(R"({"callbackUrl":"http://localhost:8081/hook"})", http::address_policy::loopback())
              .has_value());
}

TEST_CASE("a callback to localhost, where only another name of that port is permitted, names the right URL")
{
    const auto policy = *http::address_policy::parse("receiver-service:8081");
    const auto refused =
        read(R"({"callbackUrl":"http://localhost:8081/user-app/webhooks/waiting-room"})", policy);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().status == 422);
    CHECK(refused.error().detail.find("http://receiver-service:8081/user-app/webhooks/waiting-room") !=
          std::string::npos);
}

TEST_CASE("with a list of origins no other may register")
{
    const std::vector<std::string> origins{"https://app.example"};
    CHECK(read(R"({"callbackUrl":"https://app.example/hook"})", {}, origins).has_value());
    CHECK(read(R"({"callbackUrl":"https://APP.example:443/hook"})", {}, origins).has_value());
    const auto refused = read(R"({"callbackUrl":"https://evil.example/hook"})", {}, origins);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().status == 422);
    CHECK(read(R"({"callbackUrl":"http://app.example/hook"})", {}, origins).error().status == 422);
    CHECK(read(R"({"callbackUrl":"https://app.example:8443/hook"})", {}, origins).error().status == 422);
}
