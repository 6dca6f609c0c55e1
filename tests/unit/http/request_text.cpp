#include "common/http/request_text.hpp"

#include "tests/catch.hpp"

#include <stdexcept>

namespace {

http::url target_of(std::string_view text)
{
    const auto parsed = http::parse_url(text);
    REQUIRE(parsed.has_value());
    return *parsed;
}

http::outgoing message_with(std::string name, std::string value)
{
    http::outgoing message;
    message.headers.push_back({std::move(name), std::move(value)});
    message.body = "{}";
    return message;
}

} // namespace

TEST_CASE("a POST is written with its own headers, the given ones in order, and the body")
{
    auto message = message_with("webhook-id", "evt_1");
    message.headers.push_back({"X-Signature", "hmac-sha256=00"});
    CHECK(http::request_text(target_of("https://example.com:8443/hook?a=b"), message, "agent") ==
          "POST /hook?a=b HTTP/1.1\r\nHost: example.com:8443\r\nUser-Agent: agent\r\n"
          "Content-Type: application/json\r\nContent-Length: 2\r\nwebhook-id: evt_1\r\n"
          "X-Signature: hmac-sha256=00\r\n\r\n{}");
}

TEST_CASE("an IPv6 host stands in brackets in Host, and an empty body has a length")
{
    http::outgoing message;
    const auto text = http::request_text(target_of("http://[::1]/"), message, "agent");
    CHECK(text.find("\r\nHost: [::1]\r\n") != std::string::npos);
    CHECK(text.find("\r\nContent-Length: 0\r\n") != std::string::npos);
    CHECK(text.ends_with("\r\n\r\n"));
}

TEST_CASE("a header that would split the request is a bug, and throws")
{
    const auto target = target_of("http://example.com/");
    const auto send = [&](std::string name, std::string value) {
        return http::request_text(target, message_with(std::move(name), std::move(value)), "agent");
    };
    CHECK_NOTHROW(send("X-A", "b c\t\xc3\xbc"));
    CHECK_THROWS_AS(send("X-A", "b\r\nX-B: c"), std::invalid_argument);
    CHECK_THROWS_AS(send("X-A", "b\n"), std::invalid_argument);
    CHECK_THROWS_AS(send("X-A", "\r"), std::invalid_argument);
    CHECK_THROWS_AS(send("X-A", std::string(1, '\0')), std::invalid_argument);
    CHECK_THROWS_AS(send("X-A: b\r\nX-B", "c"), std::invalid_argument);
    CHECK_THROWS_AS(send("X A", "b"), std::invalid_argument);
    CHECK_THROWS_AS(send("", "b"), std::invalid_argument);
    auto message = message_with("X-A", "b");
    message.content_type = "text/plain\r\nX-B: c";
    CHECK_THROWS_AS(http::request_text(target, message, "agent"), std::invalid_argument);
}
