#include "common/http/address_policy.hpp"
#include "tests/catch.hpp"

namespace {

namespace ip = boost::asio::ip;

struct refused_range
{
    const char* before; // the last address outside; empty where the neighbour is refused for another reason
    const char* first;
    const char* last;
    const char* after;
};

bool is_public(const char* address)
{
    return http::is_public(ip::make_address(address));
}

void check(const refused_range& range)
{
    CAPTURE(range.first);
    CHECK_FALSE(is_public(range.first));
    CHECK_FALSE(is_public(range.last));
    if (*range.before != '\0')
        CHECK(is_public(range.before));
    if (*range.after != '\0')
        CHECK(is_public(range.after));
}

} // namespace

TEST_CASE("every special range of IPv4 is refused from its first to its last address, and no further")
{
    check(GENERATE(refused_range{"", "0.0.0.0", "0.255.255.255", "1.0.0.0"},
                   refused_range{"9.255.255.255", "10.0.0.0", "10.255.255.255", "11.0.0.0"},
                   refused_range{"100.63.255.255", "100.64.0.0", "100.127.255.255", "100.128.0.0"},
                   refused_range{"126.255.255.255", "127.0.0.0", "127.255.255.255", "128.0.0.0"},
                   refused_range{"168.63.129.15", "168.63.129.16", "168.63.129.16", "168.63.129.17"},
                   refused_range{"169.253.255.255", "169.254.0.0", "169.254.255.255", "169.255.0.0"},
                   refused_range{"172.15.255.255", "172.16.0.0", "172.31.255.255", "172.32.0.0"},
                   refused_range{"191.255.255.255", "192.0.0.0", "192.0.0.255", "192.0.1.0"},
                   refused_range{"192.0.1.255", "192.0.2.0", "192.0.2.255", "192.0.3.0"},
                   refused_range{"192.31.195.255", "192.31.196.0", "192.31.196.255", "192.31.197.0"},
                   refused_range{"192.52.192.255", "192.52.193.0", "192.52.193.255", "192.52.194.0"},
                   refused_range{"192.88.98.255", "192.88.99.0", "192.88.99.255", "192.88.100.0"},
                   refused_range{"192.167.255.255", "192.168.0.0", "192.168.255.255", "192.169.0.0"},
                   refused_range{"192.175.47.255", "192.175.48.0", "192.175.48.255", "192.175.49.0"},
                   refused_range{"198.17.255.255", "198.18.0.0", "198.19.255.255", "198.20.0.0"},
                   refused_range{"198.51.99.255", "198.51.100.0", "198.51.100.255", "198.51.101.0"},
                   refused_range{"203.0.112.255", "203.0.113.0", "203.0.113.255", "203.0.114.0"},
                   refused_range{"223.255.255.255", "224.0.0.0", "239.255.255.255", ""},
                   refused_range{"", "240.0.0.0", "255.255.255.255", ""}));
}

TEST_CASE("IPv6 is public inside 2000::/3 alone, and there outside the special ranges")
{
    check(GENERATE(refused_range{"", "::", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2000::"},
                   refused_range{"3fff:1000::", "4000::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", ""},
                   refused_range{"2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                                 "2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:200::"},
                   refused_range{"2001:db7:ffff:ffff:ffff:ffff:ffff:ffff",
                                 "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db9::"},
                   refused_range{"2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                                 "2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2003::"},
                   refused_range{"2620:4f:7fff:ffff:ffff:ffff:ffff:ffff",
                                 "2620:4f:8000::", "2620:4f:8000:ffff:ffff:ffff:ffff:ffff", "2620:4f:8001::"},
                   refused_range{"3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                                 "3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", "3fff:1000::"}));
}

TEST_CASE("the special ranges of IPv6 outside 2000::/3 are refused at both ends")
{
    const auto* const address =
        GENERATE("::1", "::ffff:ffff", "::7f00:1", "::ffff:0:0:0", "::ffff:0:ffff:ffff",
                 "64:ff9b::", "64:ff9b::808:808", "64:ff9b::ffff:ffff",
                 "64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff", "100::", "100::ffff:ffff:ffff:ffff",
                 "5f00::", "5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                 "fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                 "fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                 "fec0::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ff00::", "ff02::1");
    CAPTURE(address);
    CHECK_FALSE(is_public(address));
}

TEST_CASE("an IPv4-mapped IPv6 address is judged by the IPv4 inside")
{
    CHECK(is_public("::ffff:1.1.1.1"));
    CHECK_FALSE(is_public("::ffff:127.0.0.1"));
    CHECK_FALSE(is_public("::ffff:10.0.0.1"));
    CHECK_FALSE(is_public("::ffff:169.254.169.254"));
}

TEST_CASE("an IPv6 address with a zone is not public")
{
    CHECK(is_public("2606:4700::1111"));
    CHECK_FALSE(is_public("2606:4700::1111%1"));
    CHECK_FALSE(is_public("::ffff:1.1.1.1%1"));
}
