#pragma once

#include <boost/asio/ip/address.hpp>

#include <optional>
#include <string_view>

namespace http {

// The address that `host` (of a parsed URL) spells, in any way that getaddrinfo understands without asking
// anyone: 127.0.0.1, 127.1, 0x7f.1, 0177.0.0.1, 2130706433, ::1. Nothing for a name. Pure.
std::optional<boost::asio::ip::address> address_literal(std::string_view host);

// The address inside an IPv4-mapped IPv6 address (::ffff:0:0/96), since that is where a connection to it
// goes; any other address as it is. Pure.
boost::asio::ip::address unmapped(const boost::asio::ip::address& address);

} // namespace http
