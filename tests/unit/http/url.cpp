#include "common/http/url.hpp"

#include "tests/catch.hpp"

namespace {

struct good
{
    std::string_view text;
    bool tls;
    std::string_view host;
    std::uint16_t port;
    std::string_view target;
    std::string_view authority;
    std::string_view origin;
};

struct bad
{
    std::string_view text;
    std::string_view rule; // a word of the message, so that each is refused for its own reason
};

} // namespace

TEST_CASE("a callback URL is taken apart into scheme, host, port and origin-form target")
{
    const auto row = GENERATE(
        good{"http://example.com/hook", false, "example.com", 80, "/hook", "example.com",
             "http://example.com"},
        good{"https://example.com", true, "example.com", 443, "/", "example.com", "https://example.com"},
        good{"HTTPS://Example.COM:443/A", true, "example.com", 443, "/A", "example.com",
             "https://example.com"},
        good{"http://a.b:8081/x?y=1&z", false, "a.b", 8081, "/x?y=1&z", "a.b:8081", "http://a.b:8081"},
        good{"http://a?", false, "a", 80, "/?", "a", "http://a"},
        good{"http://a:65535/", false, "a", 65'535, "/", "a:65535", "http://a:65535"},
        good{"http://a:1/%0d%0A", false, "a", 1, "/%0d%0A", "a:1", "http://a:1"},
        good{"https://a:80/", true, "a", 80, "/", "a:80", "https://a:80"},
        good{"http://my_host-1.example.com./", false, "my_host-1.example.com.", 80, "/",
             "my_host-1.example.com.", "http://my_host-1.example.com."},
        good{"http://127.0.0.1:8081/", false, "127.0.0.1", 8081, "/", "127.0.0.1:8081",
             "http://127.0.0.1:8081"},
        good{"http://1.2.3.4.example.com:81/x", false, "1.2.3.4.example.com", 81, "/x",
             "1.2.3.4.example.com:81", "http://1.2.3.4.example.com:81"},
        good{"http://1.2.3.4x", false, "1.2.3.4x", 80, "/", "1.2.3.4x", "http://1.2.3.4x"},
        good{"http://0x7F.1/", false, "0x7f.1", 80, "/", "0x7f.1", "http://0x7f.1"},
        good{"http://[::1]:8081/p", false, "::1", 8081, "/p", "[::1]:8081", "http://[::1]:8081"},
        good{"http://[2001:DB8:0:0:0:0:0:1]/", false, "2001:db8::1", 80, "/", "[2001:db8::1]",
             "http://[2001:db8::1]"});
    CAPTURE(row.text);
    const auto parsed = http::parse_url(row.text);
    REQUIRE(parsed.has_value());
    CHECK(parsed->tls == row.tls);
    CHECK(parsed->host == row.host);
    CHECK(parsed->port == row.port);
    CHECK(parsed->target == row.target);
    CHECK(parsed->authority() == row.authority);
    CHECK(parsed->origin() == row.origin);
}

TEST_CASE("a callback URL that breaks a rule is refused with that rule")
{
    const auto row = GENERATE(
        bad{"", "empty"}, bad{"example.com/hook", "RFC 3986"}, bad{"/hook", "RFC 3986"},
        bad{"//example.com/", "RFC 3986"}, bad{"http://a/%zz", "RFC 3986"}, bad{"http://a/[", "RFC 3986"},
        bad{"http://[::1/", "RFC 3986"}, bad{"http://a:b/", ""}, bad{"ftp://example.com/", "http://"},
        bad{"file:///etc/passwd", "http://"}, bad{"javascript:alert(1)", "http://"},
        bad{"httpsx://example.com/", "http://"}, bad{"http:", "host"}, bad{"http:example.com", "host"},
        bad{"http:/example.com", "host"}, bad{"http://", "host"}, bad{"http:///x", "host"},
        bad{"http://:80/", "host"}, bad{"http://u@example.com/", "user name"},
        bad{"http://u:p@example.com/", "user name"}, bad{"http://@example.com/", "user name"},
        bad{"http://1.1.1.1:80@10.0.0.1/", "user name"}, bad{"http://1.1.1.1@10.0.0.1/", "user name"},
        bad{"http://1.2.3.4.a%2e/", "percent-encoded"}, bad{"http://:@example.com/", "user name"},
        bad{"http://a/#f", "fragment"}, bad{"http://a/#", "fragment"}, bad{"http://a:/", "port"},
        bad{"http://a:0/", "port"}, bad{"http://a:65536/", "port"},
        bad{"http://a:99999999999999999999/", "port"}, bad{"http://a/ b", "spaces"},
        bad{" http://a/", "spaces"}, bad{"http://a/\r\nX: y", "spaces"}, bad{"http://a/\x7f", "spaces"},
        bad{"http://a\\b/", "backslashes"}, bad{std::string_view("http://a/\0", 10), "control"},
        bad{"http://b\xc3\xbc"
            "cher.de/",
            "ASCII"},
        bad{"http://%31%32%37.0.0.1/", "percent-encoded"}, bad{"http://a%2eb/", "percent-encoded"},
        bad{"http://a,b/", "letters"}, bad{"http://a..b/", "letters"}, bad{"http://.a/", "letters"},
        bad{"http://*/", "letters"}, bad{"http://[fe80::1%25eth0]/", ""}, bad{"http://[fe80::1%eth0]/", ""},
        bad{"http://[v1.a]/", "letters"});
    CAPTURE(row.text);
    const auto parsed = http::parse_url(row.text);
    REQUIRE(parsed.has_error());
    CAPTURE(parsed.error().detail);
    CHECK_FALSE(parsed.error().detail.empty());
    CHECK(parsed.error().detail.find(row.rule) != std::string::npos);
}

TEST_CASE("a URL of 2048 characters is taken and one of 2049 is not")
{
    std::string text = "http://example.com/";
    text.append(http::url_length_max - text.size(), 'a');
    CHECK(http::parse_url(text).has_value());
    text += 'a';
    REQUIRE(http::parse_url(text).has_error());
    CHECK(http::parse_url(text).error().detail.find("2048") != std::string::npos);
}

TEST_CASE("a host name of 253 characters is taken and one of 254 is not")
{
    std::string name(251, 'a');
    name[100] = '.';
    CHECK(http::is_host_name(name + ".b"));
    CHECK(http::is_host_name(name + ".b."));
    CHECK_FALSE(http::is_host_name(name + ".bc"));
}

TEST_CASE("an origin is a scheme, a host and perhaps a port, in one spelling")
{
    CHECK(http::parse_origin("http://app.example") == "http://app.example");
    CHECK(http::parse_origin("HTTPS://App.Example:443") == "https://app.example");
    CHECK(http::parse_origin("http://[::1]:8081") == "http://[::1]:8081");
    for (const auto* text : {"", "app.example", "http://app.example/", "http://app.example/hook", "http://",
                             "http://app.example?", "ftp://app.example"})
    {
        CAPTURE(text);
        CHECK_FALSE(http::parse_origin(text));
    }
}
