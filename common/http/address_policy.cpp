#include "common/http/address_policy.hpp"

#include "common/http/address_literal.hpp"
#include "common/webhook/split_list.hpp"

#include <algorithm>
#include <charconv>

namespace http {

namespace ip = boost::asio::ip;

namespace {

constexpr unsigned mapped_prefix = 96; // of ::ffff:0:0/96, where an IPv4 address begins

// The IPv4 address that an IPv6 address leads to: mapped, compatible, translated (RFC 6052, RFC 2765) or
// 6to4.
std::optional<ip::address_v4> embedded_v4(const ip::address_v6& address)
{
    const auto bytes = address.to_bytes();
    const auto v4_at = [&](std::size_t first) {
        return ip::address_v4({bytes[first], bytes[first + 1], bytes[first + 2], bytes[first + 3]});
    };
    if (bytes[0] == 0x20 && bytes[1] == 0x02)
        return v4_at(2);
    for (const auto* const prefix : {"::", "::ffff:0:0", "::ffff:0:0:0", "64:ff9b::"}) {
        const auto wanted = ip::make_address_v6(prefix).to_bytes();
        if (std::equal(bytes.begin(), bytes.begin() + 12, wanted.begin()))
            return v4_at(12);
    }
    return std::nullopt;
}

// 169.254.0.0/16 in any form: the network of the clouds' metadata services, which no name is ever exempt
// towards.
bool is_link_local_v4(const ip::address& address)
{
    const auto inside = address.is_v4() ? std::optional{address.to_v4()} : embedded_v4(address.to_v6());
    return inside && (inside->to_uint() >> 16U) == 0xa9feU;
}

template <class Network, class Address>
bool contains(const Network& network, const Address& address)
{
    return Network(address, network.prefix_length()).network() == network.network();
}

std::optional<unsigned> parse_prefix(std::string_view text)
{
    unsigned prefix = 0;
    const auto* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, prefix);
    if (error != std::errc{} || stopped != end)
        return std::nullopt;
    return prefix;
}

// An address as people and tools write it; the odd spellings of address_literal() are no settings.
std::optional<ip::address> plain_address(std::string_view text)
{
    boost::system::error_code error;
    const auto address = ip::make_address(std::string(text), error);
    if (error || text.find('%') != std::string_view::npos)
        return std::nullopt;
    return address;
}

bool is_localhost(std::string_view host)
{
    return host == "localhost" || host.ends_with(".localhost"); // RFC 6761, 6.3
}

} // namespace

boost::system::result<address_policy, policy_error> address_policy::parse(std::string_view text)
{
    address_policy policy;
    std::string problems;
    for (const auto entry : webhook::split_list(text))
        if (const auto problem = policy.add(entry))
            problems.append(problems.empty() ? "" : "; ").append(entry).append(": ").append(*problem);
    if (!problems.empty())
        return policy_error{std::move(problems)};
    return policy;
}

address_policy address_policy::loopback()
{
    address_policy policy;
    policy.networks_v4_.emplace_back(ip::address_v4::loopback(), 8);
    policy.networks_v6_.emplace_back(ip::address_v6::loopback(), 128);
    return policy;
}

address_policy address_policy::everything()
{
    address_policy policy;
    policy.networks_v4_.emplace_back(ip::address_v4::any(), 0);
    policy.networks_v6_.emplace_back(ip::address_v6::any(), 0);
    return policy;
}

// Takes one entry in; answers with what is wrong with it.
std::optional<std::string> address_policy::add(std::string_view entry)
{
    if (const auto slash = entry.find('/'); slash != std::string_view::npos) {
        const auto prefix = parse_prefix(entry.substr(slash + 1));
        if (!prefix)
            return "the part after '/' must be a number of bits, as in 10.0.0.0/8";
        return add_network(entry.substr(0, slash), prefix);
    }
    if (plain_address(entry))
        return add_network(entry, std::nullopt);

    const auto colon = entry.rfind(':');
    if (colon == std::string_view::npos)
        return "neither a network (10.0.0.0/8), nor an address, nor host:port";
    const auto port = parse_port(entry.substr(colon + 1));
    if (port == 0)
        return "the port must be a number from 1 to 65535";
    auto host = entry.substr(0, colon);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
        const auto address = plain_address(host.substr(1, host.size() - 2));
        if (!address || !address->is_v6())
            return "what is in brackets must be an IPv6 address without a zone";
        names_.emplace_back(address->to_string(), port);
        return std::nullopt;
    }
    if (!is_host_name(host))
        return "the host must be a name, an IPv4 address, or an IPv6 address in brackets";
    if (host.back() == '.')
        host.remove_suffix(1);
    names_.emplace_back(lower_case(host), port);
    return std::nullopt;
}

// Takes a network in, or with no prefix a single address; answers with what is wrong with it.
std::optional<std::string> address_policy::add_network(std::string_view address_text,
                                                       std::optional<unsigned> prefix)
{
    const auto written = plain_address(address_text);
    if (!written)
        return "the part before '/' must be an IPv4 or IPv6 address";
    const unsigned bits = written->is_v4() ? 32 : 128;
    auto length = prefix.value_or(bits);
    if (length > bits)
        return "the prefix is longer than " + std::to_string(bits) + " bits";

    // Addresses are judged by the IPv4 inside, so a mapped network must be kept as what it means.
    auto address = *written;
    if (address.is_v6() && length >= mapped_prefix && address.to_v6().is_v4_mapped()) {
        address = unmapped(address);
        length -= mapped_prefix;
    }
    if (address.is_v4()) {
        const ip::network_v4 network(address.to_v4(), static_cast<unsigned short>(length));
        if (network.network() != network.address())
            return "bits are set beyond the prefix; the network is " + network.canonical().to_string();
        networks_v4_.push_back(network);
        return std::nullopt;
    }
    const ip::network_v6 network(address.to_v6(), static_cast<unsigned short>(length));
    if (network.network() != network.address())
        return "bits are set beyond the prefix; the network is " + network.canonical().to_string();
    networks_v6_.push_back(network);
    return std::nullopt;
}

bool address_policy::exempts(const url& target) const
{
    return std::any_of(names_.begin(), names_.end(), [&](const auto& entry) {
        return entry.first == target.bare_host() && entry.second == target.port;
    });
}

bool address_policy::permits(const url& target, const ip::address& address) const
{
    const auto inside = unmapped(address);
    if (address.is_v6() && address.to_v6().scope_id() != 0)
        return false;
    if (exempts(target) && !is_link_local_v4(address))
        return true;
    if (is_public(inside))
        return true;
    if (inside.is_v4())
        return std::any_of(networks_v4_.begin(), networks_v4_.end(),
                           [&](const auto& network) { return contains(network, inside.to_v4()); });
    return std::any_of(networks_v6_.begin(), networks_v6_.end(),
                       [&](const auto& network) { return contains(network, inside.to_v6()); });
}

std::optional<std::string> address_policy::refuses_text(const url& target) const
{
    if (is_localhost(target.bare_host())) {
        if (permits(target, ip::address_v4::loopback()) || permits(target, ip::address_v6::loopback()))
            return std::nullopt;
        return refusal(target, true);
    }
    const auto address = address_literal(target.host);
    if (!address || permits(target, *address))
        return std::nullopt;
    return refusal(target, unmapped(*address).is_loopback());
}

std::string address_policy::refusal(const url& target, bool loopback) const
{
    auto text =
        "callbacks to " + target.authority() + " are not permitted: it is " +
        (loopback ? "a loopback address, which here means the sender itself" : "not a public address") +
        "; the operator can permit it in SENDER_ALLOWED_CALLBACKS";
    const auto named = std::find_if(names_.begin(), names_.end(),
                                    [&](const auto& entry) { return entry.second == target.port; });
    if (loopback && named != names_.end()) {
        auto meant = target;
        meant.host = named->first;
        text += "; did you mean " + meant.origin() + meant.target + " ?";
    }
    return text;
}

} // namespace http
