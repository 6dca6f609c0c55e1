#include "common/http/url.hpp"

#include <boost/asio/ip/address_v6.hpp>
#include <boost/url/parse.hpp>

#include <algorithm>
#include <charconv>
#include <optional>

namespace http {

namespace {

constexpr std::uint16_t default_port(bool tls)
{
    return tls ? 443 : 80;
}

constexpr bool is_forbidden(char c)
{
    return static_cast<unsigned char>(c) <= 0x20U || c == '\x7f' || c == '\\';
}

constexpr bool is_non_ascii(char c)
{
    return (static_cast<unsigned char>(c) & 0x80U) != 0;
}

// The parts of an http URL as RFC 3986, 3 cuts them.
struct split
{
    std::string scheme; // lower case
    bool has_authority = false;
    std::string_view authority;
    std::string_view host; // with its brackets
    std::optional<std::string_view> port;
    std::string_view target; // path and query
    bool has_fragment = false;
};

// Cuts a URL whose characters Boost.URL has found valid. Boost.URL 1.81 itself would cut
// "http://1.2.3.4.example.com/" after the 4, so what it says of host and path is not used.
split cut(std::string_view text)
{
    split parts;
    const auto colon = text.find(':');
    parts.scheme = lower_case(text.substr(0, colon));
    auto rest = text.substr(colon + 1);
    const auto hash = rest.find('#');
    parts.has_fragment = hash != std::string_view::npos;
    rest = rest.substr(0, hash);
    parts.has_authority = rest.starts_with("//");
    if (!parts.has_authority)
        return parts;
    rest.remove_prefix(2);
    const auto authority_size = std::min(rest.find_first_of("/?"), rest.size());
    parts.authority = rest.substr(0, authority_size);
    parts.target = rest.substr(authority_size);
    const auto bracket = parts.authority.find(']');
    const auto port_mark = parts.authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
    parts.host = parts.authority.substr(0, port_mark);
    if (port_mark != std::string_view::npos)
        parts.port = parts.authority.substr(port_mark + 1);
    return parts;
}

// Says which rule the characters of `text` break; empty when they break none.
std::string character_rule(std::string_view text)
{
    if (text.empty())
        return "the URL is empty";
    if (text.size() > url_length_max)
        return "the URL is longer than 2048 characters";
    if (std::any_of(text.begin(), text.end(), is_non_ascii))
        return "the URL must be ASCII: write international host names in punycode and encode other "
               "characters";
    if (std::any_of(text.begin(), text.end(), is_forbidden))
        return "the URL must not contain spaces, control characters or backslashes";
    return {};
}

// Says which rule of ours a URL breaks that is well formed by RFC 3986; empty when it breaks none.
std::string component_rule(const split& parts)
{
    if (parts.scheme != "http" && parts.scheme != "https")
        return "the URL must begin with http:// or https://";
    if (parts.authority.find('@') != std::string_view::npos)
        return "the URL must not contain a user name or password";
    if (!parts.has_authority || parts.host.empty())
        return "the URL must name a host, as in http://example.com/path";
    if (parts.has_fragment)
        return "the URL must not contain a fragment ('#')";
    if (parts.port && parse_port(*parts.port) == 0)
        return "the URL's port must be a number from 1 to 65535";
    return {};
}

// The host as url::host keeps it; empty when it is neither a plain name nor an address literal.
std::string normal_host(std::string_view text)
{
    if (!text.starts_with('['))
        return is_host_name(text) ? lower_case(text) : std::string{};
    if (text.size() < 2 || !text.ends_with(']') || text.find('%') != std::string_view::npos)
        return {};
    boost::system::error_code error;
    const auto address =
        boost::asio::ip::make_address_v6(std::string(text.substr(1, text.size() - 2)), error);
    return error ? std::string{} : address.to_string();
}

bool is_label_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

} // namespace

std::string lower_case(std::string_view text)
{
    std::string lower(text);
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return lower;
}

std::uint16_t parse_port(std::string_view text)
{
    std::uint16_t port = 0;
    const auto* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, port);
    return error == std::errc{} && stopped == end ? port : std::uint16_t{0};
}

bool is_host_name(std::string_view text)
{
    if (!text.empty() && text.back() == '.')
        text.remove_suffix(1);
    if (text.empty() || text.size() > host_name_length_max)
        return false;
    char before = '.';
    for (const char c : text) {
        if (c == '.' ? before == '.' : !is_label_character(c))
            return false;
        before = c;
    }
    return before != '.';
}

std::string_view url::bare_host() const
{
    std::string_view bare = host;
    if (!bare.empty() && bare.back() == '.')
        bare.remove_suffix(1);
    return bare;
}

std::string url::authority() const
{
    auto text = host_is_ipv6_literal() ? '[' + host + ']' : host;
    if (port != default_port(tls))
        text += ':' + std::to_string(port);
    return text;
}

std::string url::origin() const
{
    return (tls ? "https://" : "http://") + authority();
}

boost::system::result<url, url_error> parse_url(std::string_view text)
{
    if (auto rule = character_rule(text); !rule.empty())
        return url_error{std::move(rule)};
    if (boost::urls::parse_uri(text).has_error())
        return url_error{
            "the URL is not an absolute URL as RFC 3986 defines it, such as http://example.com/path"};
    const auto parts = cut(text);
    if (auto rule = component_rule(parts); !rule.empty())
        return url_error{std::move(rule)};

    url result;
    result.tls = parts.scheme == "https";
    result.host = normal_host(parts.host);
    if (result.host.empty())
        return url_error{
            "the URL's host must be a name of letters, digits, '-', '_' and '.', or an address without "
            "a zone, neither of them percent-encoded"};
    result.port = parts.port ? parse_port(*parts.port) : default_port(result.tls);
    result.target = parts.target;
    if (!result.target.starts_with('/'))
        result.target.insert(0, 1, '/');
    return result;
}

std::optional<std::string> parse_origin(std::string_view text)
{
    const auto parsed = parse_url(text);
    if (!parsed || parsed->target != "/" || text.ends_with('/'))
        return std::nullopt;
    return parsed->origin();
}

} // namespace http
