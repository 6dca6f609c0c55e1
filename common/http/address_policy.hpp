#pragma once

#include "common/http/url.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <boost/system/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace http {

// True for an address that anyone on the internet may name: outside every special-purpose range (IANA's
// IPv4 and IPv6 registries, and what docs/security.md lists besides); IPv6 only inside 2000::/3. Pure.
bool is_public(const boost::asio::ip::address& address);

struct policy_error
{
    std::string detail;
};

// Where callbacks may go, besides public addresses.
class address_policy
{
public:
    // Permits public addresses only.
    address_policy() = default;

    // Reads SENDER_ALLOWED_CALLBACKS: CIDRs, addresses and host:port entries, separated by commas or white
    // space. The error names every entry that cannot be read, with the reason.
    static boost::system::result<address_policy, policy_error> parse(std::string_view text);

    // Permits loopback (127.0.0.0/8, ::1) besides public addresses: the default of a service that listens
    // on loopback itself.
    static address_policy loopback();

    // Permits every address, link-local and private ones included: for what the operator alone can name. Not
    // one with a zone.
    static address_policy everything();

    // May `target`, which resolved to `address`, be connected to? A host:port entry exempts that name,
    // except towards 169.254.0.0/16. An IPv4-mapped address is judged by the IPv4 inside.
    bool permits(const url& target, const boost::asio::ip::address& address) const;

    // Judges the text of a registration: an address literal in any spelling that getaddrinfo understands
    // (127.1, 0x7f.1, 2130706433) is judged as that address, and `localhost` as loopback; other names pass,
    // since they are judged at every connect. Answers with the sentence for the client when it is refused;
    // towards loopback it also tells the URL under which a permitted host:port of that port is reached.
    std::optional<std::string> refuses_text(const url& target) const;

private:
    bool exempts(const url& target) const;
    std::optional<std::string> add(std::string_view entry);
    std::optional<std::string> add_network(std::string_view address, std::optional<unsigned> prefix);
    std::string refusal(const url& target, bool loopback) const;

    std::vector<boost::asio::ip::network_v4> networks_v4_;
    std::vector<boost::asio::ip::network_v6> networks_v6_;
    std::vector<std::pair<std::string, std::uint16_t>> names_;
};

} // namespace http
