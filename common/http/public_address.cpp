#include "common/http/address_literal.hpp"
#include "common/http/address_policy.hpp"

#include <algorithm>
#include <array>

namespace http {

namespace ip = boost::asio::ip;

namespace {

struct range_v4
{
    ip::address_v4::uint_type first;
    unsigned prefix;
};

constexpr ip::address_v4::uint_type v4(unsigned a, unsigned b, unsigned c, unsigned d)
{
    return a << 24U | b << 16U | c << 8U | d;
}

constexpr std::array refused_v4{
    range_v4{v4(0, 0, 0, 0), 8},        // this network; 0.0.0.0 reaches loopback
    range_v4{v4(10, 0, 0, 0), 8},       // private (RFC 1918)
    range_v4{v4(100, 64, 0, 0), 10},    // shared by carriers (RFC 6598)
    range_v4{v4(127, 0, 0, 0), 8},      // loopback
    range_v4{v4(168, 63, 129, 16), 32}, // Azure's host, reachable from every virtual machine there
    range_v4{v4(169, 254, 0, 0), 16},   // link-local: the clouds' metadata
    range_v4{v4(172, 16, 0, 0), 12},    // private
    range_v4{v4(192, 0, 0, 0), 24},     // protocol assignments
    range_v4{v4(192, 0, 2, 0), 24},     // documentation
    range_v4{v4(192, 31, 196, 0), 24},  // AS112
    range_v4{v4(192, 52, 193, 0), 24},  // AMT
    range_v4{v4(192, 88, 99, 0), 24},   // 6to4 relays
    range_v4{v4(192, 168, 0, 0), 16},   // private
    range_v4{v4(192, 175, 48, 0), 24},  // AS112
    range_v4{v4(198, 18, 0, 0), 15},    // benchmarks
    range_v4{v4(198, 51, 100, 0), 24},  // documentation
    range_v4{v4(203, 0, 113, 0), 24},   // documentation
    range_v4{v4(224, 0, 0, 0), 4},      // multicast
    range_v4{v4(240, 0, 0, 0), 4}       // reserved, and broadcast
};

// The upper half of an IPv6 address; every range below is at least a /64.
using upper_half = std::uint64_t;

struct range_v6
{
    upper_half first;
    unsigned prefix;
};

// Only what lies inside 2000::/3 needs a row: all else is refused for being outside.
constexpr range_v6 global_v6{0x2000'0000'0000'0000, 3};
constexpr std::array refused_v6{
    range_v6{0x2001'0000'0000'0000, 23}, // protocol assignments: Teredo, ORCHID, benchmarks
    range_v6{0x2001'0db8'0000'0000, 32}, // documentation
    range_v6{0x2002'0000'0000'0000, 16}, // 6to4, which carries any IPv4 address
    range_v6{0x2620'004f'8000'0000, 48}, // AS112
    range_v6{0x3fff'0000'0000'0000, 20}  // documentation
};

bool contains(const range_v4& range, ip::address_v4::uint_type address)
{
    return ((address ^ range.first) >> (32 - range.prefix)) == 0;
}

bool contains(const range_v6& range, upper_half address)
{
    return ((address ^ range.first) >> (64 - range.prefix)) == 0;
}

bool is_public_v4(const ip::address_v4& address)
{
    const auto number = address.to_uint();
    return std::none_of(refused_v4.begin(), refused_v4.end(),
                        [&](const range_v4& range) { return contains(range, number); });
}

bool is_public_v6(const ip::address_v6& address)
{
    const auto bytes = address.to_bytes();
    upper_half upper = 0;
    for (std::size_t i = 0; i < sizeof upper; ++i)
        upper = upper << 8U | bytes[i];
    return contains(global_v6, upper) &&
           std::none_of(refused_v6.begin(), refused_v6.end(),
                        [&](const range_v6& range) { return contains(range, upper); });
}

} // namespace

bool is_public(const ip::address& address)
{
    if (address.is_v6() && address.to_v6().scope_id() != 0)
        return false;
    const auto inside = unmapped(address);
    return inside.is_v4() ? is_public_v4(inside.to_v4()) : is_public_v6(inside.to_v6());
}

} // namespace http
