#include "common/http/framing.hpp"

#include "tests/catch.hpp"
#include "tests/support/framing_vectors.hpp"

namespace {

std::string head_with(std::string_view lines)
{
    return "POST /a HTTP/1.1\r\nHost: h\r\n" + std::string(lines) + "\r\n";
}

// As the server does it: the scanner while bytes come, then the judge.
std::optional<http::refusal> judge(std::string_view bytes)
{
    http::head_scanner scanner;
    const auto progress = scanner.scan(bytes);
    if (progress.refused || progress.length == 0)
        return progress.refused;
    return http::check_head(bytes.substr(0, progress.length));
}

} // namespace

TEST_CASE("a head that is not plain HTTP/1.1 is refused with 400")
{
    for (const auto& head : vectors::refused_heads()) {
        CAPTURE(head);
        const auto refused = judge(head);
        REQUIRE(refused);
        CHECK(refused->status == 400);
        CHECK_FALSE(refused->detail.empty());
    }
}

TEST_CASE("the judge does not rely on the scanner before it")
{
    for (const auto& head : vectors::refused_heads()) {
        CAPTURE(head);
        const auto refused = http::check_head(head);
        REQUIRE(refused);
        CHECK(refused->status == 400);
    }
}

TEST_CASE("a plain head is taken")
{
    for (const std::string& head :
         {std::string("GET / HTTP/1.1\r\nHost: h\r\n\r\n"), std::string("GET / HTTP/1.0\r\n\r\n"),
          std::string("GET / HTTP/1.0\r\nHost: h\r\n\r\n"),
          std::string("M-SEARCH /a?b=%00&c={d}|e HTTP/1.1\r\nhOST:h:80\r\n\r\n"),
          std::string("GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n"),
          std::string("GET / HTTP/1.1\r\nHost: \t receiver_service.local \t\r\n\r\n"),
          "GET /" + std::string(7'999, 'a') + " HTTP/1.1\r\nHost: h\r\n\r\n",
          head_with("Content-Length: 5\r\n"), head_with("Content-Length: \t005 \r\n"),
          head_with("Content-Length: 999999999999999999\r\n"), head_with("transfer-encoding: Chunked\r\n"),
          head_with(
              "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAAB\r\n"
              "Transfer-Encoding: chunked\r\n"),
          head_with("Expect: 100-Continue\r\nContent-Length: 1\r\n"), head_with("X:\r\nX: \r\nX: a:b\tc\r\n"),
          head_with("User-Agent: caf\xC3\xA9\r\n"), head_with("Accept: a\r\nAccept: b\r\n"),
          head_with(
              "X-Signature: a\r\nX-Signature: b\r\nX-Signature-Timestamp: 1\r\nX-Signature-Timestamp: 1\r\n"
              "webhook-id: a\r\nwebhook-id: a\r\nwebhook-timestamp: 1\r\nwebhook-timestamp: 1\r\n"
              "webhook-signature: a\r\nwebhook-signature: a\r\n")})
    {
        CAPTURE(head);
        const auto refused = judge(head);
        CAPTURE(refused ? refused->detail : "");
        CHECK_FALSE(refused);
    }
}

TEST_CASE("an expectation other than 100-continue is refused with 417, and means nothing to HTTP/1.0")
{
    const auto refused = judge(head_with("Expect: 200-ok\r\n"));
    REQUIRE(refused);
    CHECK(refused->status == 417);
    CHECK_FALSE(judge("GET / HTTP/1.0\r\nExpect: 200-ok\r\n\r\n"));
}

TEST_CASE("a Content-Length beyond counting is too large, not malformed")
{
    const auto refused = judge(head_with("Content-Length: 99999999999999999999999\r\n"));
    REQUIRE(refused);
    CHECK(refused->status == 413);
}

TEST_CASE("what can never become a request is refused at its first telling byte")
{
    using namespace std::string_literals;
    for (const std::string& bytes :
         {"\x16"s, "\0"s, " "s, "\n"s, "{"s, "GET /\n"s, "GET / HTTP/1.1\r\nHost: h\n"s,
          "GET / HTTP/1.1\r\nHost: h\rX"s, "GET / HTTP/1.1\r\nX: \0"s, "PRI * HTTP/2.0\r\n"s,
          "SSH-2.0-OpenSSH_9.2\r\n"s})
    {
        CAPTURE(bytes);
        http::head_scanner scanner;
        CHECK_FALSE(scanner.scan(std::string_view(bytes).substr(0, bytes.size() - 1)).refused);
        CHECK(scanner.scan(bytes).refused);
    }
}

TEST_CASE("a head is found whole however it is cut")
{
    const auto head = head_with("X: y\r\n");
    const auto bytes = head + "body\r\n\r\n";
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
        CAPTURE(cut);
        http::head_scanner scanner;
        const auto first = scanner.scan(std::string_view(bytes).substr(0, cut));
        CHECK_FALSE(first.refused);
        CHECK(first.length == (cut < head.size() ? 0 : head.size()));
        if (first.length == 0)
            CHECK(scanner.scan(bytes).length == head.size());
    }
}
