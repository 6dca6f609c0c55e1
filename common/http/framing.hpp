#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace http {

inline constexpr std::size_t target_bytes_max =
    8'000; // what RFC 9112, 3 asks a recipient to support at least

// Why a request is answered without a handler; the connection is closed after it.
struct refusal
{
    unsigned status;
    std::string detail; // for the client
};

// How far a head has come.
struct head_progress
{
    std::size_t length = 0;         // of the whole head, its empty line included; 0 while that is missing
    std::optional<refusal> refused; // as soon as it cannot become a head of HTTP/1.1
};

// Looks for the end of a request's head while it arrives, and refuses what can never be one (TLS, HTTP/2, a
// bare LF or CR, control characters, a bad request line) without waiting for more. Each byte is looked at
// once.
class head_scanner
{
public:
    // `received` is everything that has come of this head, from its first byte on.
    head_progress scan(std::string_view received);

private:
    std::size_t position_ = 0;
    std::size_t request_line_length_ = 0;
    bool request_line_judged_ = false;
};

// Judges a whole head, from the request line to the empty line, by RFC 9112 and RFC 9110, strictly: one
// spelling of everything, so that no proxy in front can read another message out of the same bytes. Pure.
// 400, 413 for a Content-Length beyond counting, 417 for an expectation other than 100-continue.
std::optional<refusal> check_head(std::string_view head);

} // namespace http
