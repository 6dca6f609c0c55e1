#include "common/http/framing.hpp"

#include "common/http/message.hpp"

#include <algorithm>
#include <array>

namespace http {

namespace {

using judgement = std::optional<refusal>;

constexpr std::string_view line_end = "\r\n";
constexpr std::size_t content_length_digits_max = 18; // fits 64 bits; more is beyond every limit

// Headers that decide how a request is read or answered. Two of one could be read either way, so they are
// refused. The signature headers are not among them: the verifier answers those with its own 401.
constexpr std::array<std::string_view, 10> decisive_headers = {
    "Authorization", "Content-Encoding", "Content-Length",    "Content-Range", "Content-Type", "Expect",
    "Host",          "Last-Event-ID",    "Transfer-Encoding", "Range"};

// What the headers said, those that come once at most.
struct seen_fields
{
    std::array<std::optional<std::string_view>, decisive_headers.size()> values;

    std::optional<std::string_view>& value(std::string_view name)
    {
        const auto at = std::find(decisive_headers.begin(), decisive_headers.end(), name);
        return values.at(static_cast<std::size_t>(at - decisive_headers.begin()));
    }
};

judgement bad(std::string_view detail)
{
    return refusal{400, std::string(detail)};
}

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool is_letter_or_digit(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_token_character(char c) // RFC 9110, 5.6.2
{
    return is_letter_or_digit(c) ||
           (c != '\0' && std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos);
}

bool is_token(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), is_token_character);
}

bool is_control(char c)
{
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
}

bool is_digits(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

// RFC 9112, 3: method SP request-target SP HTTP-version, of which only the origin form is served here.
judgement check_request_line(std::string_view line)
{
    const auto first = line.find(' ');
    const auto last = line.rfind(' ');
    if (first == std::string_view::npos || first == last)
        return bad("The request line must be a method, a target and a version with one space between.");
    const auto target = line.substr(first + 1, last - first - 1);
    const auto version = line.substr(last + 1);
    if (!is_token(line.substr(0, first)))
        return bad("The method is not a token.");
    if (version != "HTTP/1.1" && version != "HTTP/1.0")
        return bad("Only HTTP/1.1 and HTTP/1.0 are spoken here.");
    if (!target.starts_with('/'))
        return bad("The target must be a path that begins with a slash.");
    if (target.size() > target_bytes_max)
        return bad("The target is longer than 8000 bytes.");
    const auto is_foreign = [](char c) { return c <= ' ' || c > '~' || c == '#'; };
    if (std::any_of(target.begin(), target.end(), is_foreign))
        return bad("The target has a character that must be percent-encoded.");
    return std::nullopt;
}

// One header line without its CRLF. Its value goes into `seen` when it is one of the decisive headers.
judgement check_field(std::string_view line, seen_fields& seen)
{
    if (line.starts_with(' ') || line.starts_with('\t'))
        return bad("A header is folded over two lines.");
    const auto colon = line.find(':');
    if (colon == std::string_view::npos)
        return bad("A header line has no colon.");
    const auto name = line.substr(0, colon);
    if (!is_token(name))
        return bad("A header name is empty, or not a token up to its colon.");
    const auto value = trim(line.substr(colon + 1));
    if (std::any_of(value.begin(), value.end(), [](char c) { return is_control(c) && c != '\t'; }))
        return bad("A header value has a control character.");

    for (std::size_t i = 0; i < decisive_headers.size(); ++i) {
        if (!equal_ignoring_case(name, decisive_headers.at(i)))
            continue;
        if (seen.values.at(i))
            return bad("The header " + std::string(decisive_headers.at(i)) + " is repeated.");
        seen.values.at(i) = value;
    }
    return std::nullopt;
}

// RFC 3986, 3.2.2 and 3.2.3, without the sub-delimiters that no host in use has.
bool is_host(std::string_view text)
{
    std::string_view port;
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == std::string_view::npos || end == 1)
            return false;
        const auto inside = text.substr(1, end - 1);
        if (inside.find_first_not_of("0123456789abcdefABCDEF:.") != std::string_view::npos)
            return false;
        port = text.substr(end + 1);
    }
    else {
        const auto end = std::min(text.find(':'), text.size());
        const auto name = text.substr(0, end);
        const auto fits = [](char c) {
            return is_letter_or_digit(c) || c == '-' || c == '.' || c == '_' || c == '~' || c == '%';
        };
        if (name.empty() || !std::all_of(name.begin(), name.end(), fits))
            return false;
        port = text.substr(end);
    }
    constexpr std::size_t port_length_max = 6; // with its colon
    return port.empty() ||
           (port.starts_with(':') && port.size() <= port_length_max && is_digits(port.substr(1)));
}

// RFC 9112, 6: how long the body is must have one answer.
judgement check_length(bool version_1_0, seen_fields& seen)
{
    const auto length = seen.value("Content-Length");
    const auto coding = seen.value("Transfer-Encoding");
    if (coding && length)
        return bad("Transfer-Encoding and Content-Length exclude each other.");
    if (coding && version_1_0)
        return bad("HTTP/1.0 has no Transfer-Encoding.");
    if (coding && !equal_ignoring_case(*coding, "chunked"))
        return bad("The only Transfer-Encoding here is a single \"chunked\".");
    if (length && !is_digits(*length))
        return bad("Content-Length must be decimal digits.");
    if (length && length->size() > content_length_digits_max)
        return refusal{413, "The body is too large."};
    return std::nullopt;
}

// What only shows when all headers are known.
judgement check_together(bool version_1_0, seen_fields& seen)
{
    const auto host = seen.value("Host");
    if (!host && !version_1_0)
        return bad("HTTP/1.1 needs a Host header.");
    if (host && !is_host(*host))
        return bad("The Host header is not a host with an optional port.");
    if (auto refused = check_length(version_1_0, seen))
        return refused;
    const auto expect = seen.value("Expect");
    if (expect && !version_1_0 && !equal_ignoring_case(*expect, "100-continue"))
        return refusal{417, "The only expectation met here is 100-continue."};
    return std::nullopt;
}

} // namespace

head_progress head_scanner::scan(std::string_view received)
{
    head_progress progress;
    for (; position_ < received.size() && !progress.refused; ++position_) {
        const char c = received[position_];
        const bool after_return = position_ > 0 && received[position_ - 1] == '\r';
        if (position_ == 0 && !is_token_character(c)) {
            progress.refused = bad("What came does not begin like an HTTP/1.1 request.");
        }
        else if (after_return != (c == '\n')) {
            progress.refused = bad("A line must end with CR and LF together.");
        }
        else if (is_control(c) && c != '\r' && c != '\n' && c != '\t') {
            progress.refused = bad("The head has a control character.");
        }
        else if (c == '\n') {
            if (request_line_length_ == 0)
                request_line_length_ = position_ - 1;
            if (received.substr(0, position_ + 1).ends_with("\r\n\r\n")) {
                progress.length = position_ + 1;
                return progress;
            }
        }
    }
    if (!progress.refused && request_line_length_ > 0 && !request_line_judged_) {
        request_line_judged_ = true;
        progress.refused = check_request_line(received.substr(0, request_line_length_));
    }
    return progress;
}

std::optional<refusal> check_head(std::string_view head)
{
    auto end = head.find(line_end);
    if (end == std::string_view::npos || !head.ends_with("\r\n\r\n"))
        return bad("The head is not complete.");
    const auto request_line = head.substr(0, end);
    if (auto refused = check_request_line(request_line))
        return refused;

    seen_fields seen;
    head.remove_prefix(end + line_end.size());
    for (end = head.find(line_end); end != 0; end = head.find(line_end)) {
        if (auto refused = check_field(head.substr(0, end), seen))
            return refused;
        head.remove_prefix(end + line_end.size());
    }
    if (head.size() > line_end.size())
        return bad("The head goes on after its empty line.");
    return check_together(request_line.ends_with("HTTP/1.0"), seen);
}

} // namespace http
