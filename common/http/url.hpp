#pragma once

#include <boost/system/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace http {

inline constexpr std::size_t url_length_max = 2'048;
inline constexpr std::size_t host_name_length_max = 253; // RFC 1035, 2.3.4, as text

struct url_error
{
    std::string detail; // names the rule, for the client
};

// A callback URL taken apart. Text only: nothing here has been resolved.
struct url
{
    bool tls = false;
    std::string host; // lower case; an IPv6 literal in its canonical form (RFC 5952), without brackets
    std::uint16_t port = 80;
    std::string target; // path and query, origin form, at least "/"

    bool host_is_ipv6_literal() const { return host.find(':') != std::string::npos; }

    // The host without the dot that may end a name: what a certificate or a setting calls it.
    std::string_view bare_host() const;

    // "host:port" as Host and the settings write it: brackets around IPv6, the port left out when default.
    std::string authority() const;

    // "http://host:port", the default port left out (RFC 6454).
    std::string origin() const;
};

// Reads an absolute http or https URL of at most 2,048 characters, with a host and without user name,
// fragment, control characters, backslashes, spaces, non-ASCII or port 0 (RFC 3986). A host is a name of
// letters, digits, '-', '_' and '.', or an address literal without a zone. Pure.
boost::system::result<url, url_error> parse_url(std::string_view text);

// Reads an origin as a setting or a query writes it, scheme://host or scheme://host:port with nothing behind,
// and answers with it as url::origin() writes it; nothing for anything else. Pure.
std::optional<std::string> parse_origin(std::string_view text);

// True for labels of letters, digits, '-' and '_' joined by single dots, with at most one dot at the end.
bool is_host_name(std::string_view text);

// Reads a decimal port, 1-65535; 0 for anything else.
std::uint16_t parse_port(std::string_view text);

// `text` with the letters A-Z in lower case, whatever the locale.
std::string lower_case(std::string_view text);

} // namespace http
