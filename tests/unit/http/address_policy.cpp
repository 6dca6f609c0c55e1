#include "common/http/address_policy.hpp"

#include "tests/catch.hpp"

namespace {

namespace ip = boost::asio::ip;

http::url parsed(std::string_view text)
{
    const auto result = http::parse_url(text);
    REQUIRE(result.has_value());
    return *result;
}

http::address_policy policy_of(std::string_view text)
{
    const auto result = http::address_policy::parse(text);
    REQUIRE(result.has_value());
    return *result;
}

bool permits(const http::address_policy& policy, std::string_view url, const char* address)
{
    return policy.permits(parsed(url), ip::make_address(address));
}

bool contains(const std::string& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("a policy that lists nothing permits public addresses only")
{
    for (const auto& policy : {http::address_policy(), policy_of(""), policy_of(" ,\n\t ")}) {
        CHECK(permits(policy, "http://a/", "1.1.1.1"));
        CHECK(permits(policy, "http://a/", "2606:4700::1111"));
        CHECK_FALSE(permits(policy, "http://a/", "127.0.0.1"));
        CHECK_FALSE(permits(policy, "http://a/", "10.0.0.1"));
        CHECK_FALSE(permits(policy, "http://a/", "::1"));
    }
}

TEST_CASE("a network in the list permits its addresses from the first to the last, and no other")
{
    const auto policy = policy_of("10.1.0.0/16, 192.168.7.9 fd00:1::/32\n::1,127.0.0.0/8");
    CHECK(permits(policy, "http://a/", "10.1.0.0"));
    CHECK(permits(policy, "http://a/", "10.1.255.255"));
    CHECK_FALSE(permits(policy, "http://a/", "10.0.255.255"));
    CHECK_FALSE(permits(policy, "http://a/", "10.2.0.0"));
    CHECK(permits(policy, "http://a/", "192.168.7.9"));
    CHECK_FALSE(permits(policy, "http://a/", "192.168.7.8"));
    CHECK(permits(policy, "http://a/", "fd00:1:ffff::1"));
    CHECK_FALSE(permits(policy, "http://a/", "fd00:2::1"));
    CHECK(permits(policy, "http://a/", "::1"));
    CHECK(permits(policy, "http://a/", "127.9.9.9"));
}

TEST_CASE("an IPv4-mapped address is judged by the IPv4 inside, and a mapped network means that IPv4 network")
{
    CHECK(permits(policy_of("10.0.0.0/8"), "http://a/", "::ffff:10.1.2.3"));
    CHECK(permits(policy_of("::ffff:10.0.0.0/104"), "http://a/", "10.1.2.3"));
    CHECK_FALSE(permits(policy_of("::ffff:10.0.0.0/104"), "http://a/", "11.1.2.3") ==
                permits(policy_of(""), "http://a/", "10.1.2.3"));
    CHECK_FALSE(permits(policy_of("::/0"), "http://a/", "10.1.2.3"));
    CHECK_FALSE(permits(policy_of("::/0"), "http://a/", "::ffff:10.1.2.3"));
}

TEST_CASE("an address with a zone is refused even inside a permitted network")
{
    CHECK(permits(policy_of("fe80::/10"), "http://a/", "fe80::1"));
    CHECK_FALSE(permits(policy_of("fe80::/10"), "http://a/", "fe80::1%1"));
}

TEST_CASE("a host:port entry exempts that name and that port, except towards 169.254.0.0/16")
{
    const auto policy = policy_of("Receiver.Internal:8081,[::1]:80,hooks.:443");
    CHECK(permits(policy, "http://receiver.internal:8081/x", "10.0.0.5"));
    CHECK(permits(policy, "https://RECEIVER.internal.:8081/", "127.0.0.1"));
    CHECK(permits(policy, "http://receiver.internal:8081/", "fd00::1"));
    CHECK_FALSE(permits(policy, "http://receiver.internal:8082/", "10.0.0.5"));
    CHECK_FALSE(permits(policy, "http://a.receiver.internal:8081/", "10.0.0.5"));
    CHECK_FALSE(permits(policy, "http://receiver.internal:8081/", "169.254.169.254"));
    CHECK_FALSE(permits(policy, "http://receiver.internal:8081/", "169.254.0.0"));
    CHECK_FALSE(permits(policy, "http://receiver.internal:8081/", "169.254.255.255"));
    for (const auto* address : {"::ffff:169.254.169.254", "::169.254.169.254", "::ffff:0:169.254.169.254",
                                "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::1", "fe80::1%1"})
    {
        CAPTURE(address);
        CHECK_FALSE(permits(policy, "http://receiver.internal:8081/", address));
    }
    CHECK(permits(policy, "http://receiver.internal:8081/", "64:ff9b::a00:1"));
    CHECK(permits(policy, "http://receiver.internal:8081/", "169.253.255.255"));
    CHECK(permits(policy, "http://[0:0:0:0:0:0:0:1]/", "::1"));
    CHECK(permits(policy, "https://hooks/", "10.0.0.5"));
}

TEST_CASE("a network entry may permit even 169.254.0.0/16")
{
    CHECK(permits(policy_of("169.254.1.0/24"), "http://a/", "169.254.1.1"));
}

TEST_CASE("an entry that cannot be read is named, with the reason")
{
    struct row
    {
        std::string_view entry;
        std::string_view reason;
    };
    const auto wrong = GENERATE(
        row{"10.0.0.1/8", "10.0.0.0/8"}, row{"fd00::1/8", "fd00::/8"}, row{"10.0.0.0/33", "32 bits"},
        row{"fd00::/129", "128 bits"}, row{"10.0.0.0/", "number of bits"},
        row{"10.0.0.0/x", "number of bits"}, row{"10.0.0.0/-1", "number of bits"},
        row{"10.0.0/8", "IPv4 or IPv6"}, row{"/8", "IPv4 or IPv6"}, row{"fe80::%1/10", "IPv4 or IPv6"},
        row{"localhost", "neither"}, row{"127.1", "neither"}, row{"localhost:", "port"},
        row{"localhost:0", "port"}, row{"localhost:65536", "port"}, row{"localhost:http", "port"},
        row{":80", "host"}, row{"*:80", "host"}, row{"http://a:80", "number of bits"},
        row{"[::1%1]:80", "brackets"}, row{"[127.0.0.1]:80", "brackets"}, row{"a..b:80", "host"});
    CAPTURE(wrong.entry);
    const auto result = http::address_policy::parse(std::string("10.0.0.0/8,") + std::string(wrong.entry));
    REQUIRE(result.has_error());
    CAPTURE(result.error().detail);
    CHECK(result.error().detail.starts_with(std::string(wrong.entry) + ": "));
    CHECK(contains(result.error().detail, wrong.reason));
}

TEST_CASE("all entries that cannot be read are reported together")
{
    const auto result = http::address_policy::parse("10.0.0.1/8, ok:80, nonsense");
    REQUIRE(result.has_error());
    CHECK(contains(result.error().detail, "10.0.0.1/8: "));
    CHECK(contains(result.error().detail, "; nonsense: "));
    CHECK_FALSE(contains(result.error().detail, "ok:80"));
}

TEST_CASE("a registration towards an address that is not permitted is refused in every spelling")
{
    const auto* const url = GENERATE(
        "http://127.0.0.1/", "http://127.1/", "http://0x7f.1/", "http://0X7F.0.0.1/", "http://0177.0.0.1/",
        "http://2130706433/", "http://017700000001/", "http://0/", "http://0.0.0.0/", "http://10.0.0.1/",
        "http://0xA9FEA9FE/", "http://169.254.169.254/", "http://192.168.257/", "http://[::1]/",
        "http://[::]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://[fd00::1]/",
        "http://localhost/", "http://LOCALHOST./", "http://api.localhost:8081/");
    CAPTURE(url);
    const auto refusal = http::address_policy().refuses_text(parsed(url));
    REQUIRE(refusal.has_value());
    CHECK(contains(*refusal, "not permitted"));
    CHECK(contains(*refusal, "SENDER_ALLOWED_CALLBACKS"));
}

TEST_CASE("a registration towards a name or a public address is not judged by its text")
{
    const auto* const url =
        GENERATE("http://example.com/", "http://internal/", "http://1.1.1.1/", "http://16843009/",
                 "http://[2606:4700::1111]/", "http://127.0.0.1.nip.io/", "http://notlocalhost/",
                 "http://localhost.example.com/");
    CAPTURE(url);
    CHECK_FALSE(http::address_policy().refuses_text(parsed(url)).has_value());
}

TEST_CASE("the loopback policy permits loopback in every spelling and nothing else besides public addresses")
{
    const auto policy = http::address_policy::loopback();
    for (const auto* const url : {"http://127.0.0.1:8081/", "http://127.1/", "http://localhost:8081/",
                                  "http://x.localhost/", "http://[::1]/", "http://[::ffff:127.0.0.1]/"})
        CHECK_FALSE(policy.refuses_text(parsed(url)).has_value());
    CHECK(policy.refuses_text(parsed("http://10.0.0.1/")).has_value());
    CHECK(policy.refuses_text(parsed("http://0/")).has_value());
    CHECK(permits(policy, "http://a/", "127.255.255.255"));
    CHECK_FALSE(permits(policy, "http://a/", "::2"));
}

TEST_CASE("a host:port entry permits localhost under that port")
{
    const auto policy = policy_of("localhost:8081");
    CHECK_FALSE(policy.refuses_text(parsed("http://localhost:8081/x")).has_value());
    CHECK(policy.refuses_text(parsed("http://localhost:8082/x")).has_value());
    CHECK(policy.refuses_text(parsed("http://127.0.0.1:8081/x")).has_value());
}

TEST_CASE("a refused loopback callback is answered with the URL of the permitted host of that port")
{
    const auto policy = policy_of("other:9999 receiver-service:8081");
    const auto url = parsed("http://localhost:8081/user-app/webhooks/waiting-room");
    const auto refusal = policy.refuses_text(url);
    REQUIRE(refusal.has_value());
    CHECK(contains(*refusal, "http://receiver-service:8081/user-app/webhooks/waiting-room"));
    CHECK_FALSE(contains(*policy.refuses_text(parsed("http://localhost:8082/")), "did you mean"));
    CHECK_FALSE(contains(*policy.refuses_text(parsed("http://10.0.0.1:8081/")), "did you mean"));
}

TEST_CASE("a policy that permits everything permits private, loopback and link-local addresses, but no zone")
{
    const auto policy = http::address_policy::everything();
    for (const auto* const address : {"10.1.2.3", "127.0.0.1", "169.254.169.254", "192.0.2.1", "8.8.8.8",
                                      "::1", "fd00::1", "fe80::1", "::ffff:10.0.0.1", "64:ff9b::a00:1"})
    {
        CAPTURE(address);
        CHECK(permits(policy, "http://app.test/", address));
    }
    CHECK_FALSE(permits(policy, "http://app.test/", "fe80::1%1"));
}
