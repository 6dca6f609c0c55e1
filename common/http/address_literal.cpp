#include "common/http/address_literal.hpp"

#include <arpa/inet.h>
#include <string>

namespace http {

namespace ip = boost::asio::ip;

std::optional<ip::address> address_literal(std::string_view host)
{
    const std::string text(host);
    if (host.find(':') != std::string_view::npos) {
        boost::system::error_code error;
        const auto address = ip::make_address_v6(text, error);
        if (error)
            return std::nullopt;
        return address;
    }
    // The very function behind getaddrinfo's numeric hosts, so that both read every spelling alike.
    in_addr parsed{};
    if (::inet_aton(text.c_str(), &parsed) == 0)
        return std::nullopt;
    return ip::address_v4(ntohl(parsed.s_addr));
}

ip::address unmapped(const ip::address& address)
{
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        return ip::make_address_v4(ip::v4_mapped, address.to_v6());
    return address;
}

} // namespace http
