#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace http {

struct header
{
    std::string name;
    std::string value;
};

// A request that passed the framing checks, as a handler sees it.
struct request
{
    std::string method;
    std::string path;                         // before the query, still percent-encoded
    std::vector<std::string> path_parameters; // decoded once, in the order of the route's pattern
    std::map<std::string, std::string> query; // decoded; a name given twice was refused
    std::string head;                         // the request line and the headers, as they came
    std::vector<header> headers;              // in the order they came
    std::string body;                         // decoded from its transfer coding
    std::string remote;                       // the peer's address and port

    // Every value of the header `name` (case-insensitive), in order.
    std::vector<std::string_view> values(std::string_view name) const;
};

struct response
{
    unsigned status = 200;
    std::string content_type = "application/json";
    std::string body;
    std::vector<header> headers; // besides Content-Type, Content-Length, Date and Connection
};

// Are two texts the same but for the case of ASCII letters, as header names and tokens are compared?
bool equal_ignoring_case(std::string_view left, std::string_view right);

// `text` without the spaces and tabs around it (RFC 9110's optional white space).
std::string_view trim(std::string_view text);

// Has the request exactly one Content-Type, and is that application/json or a type ending in +json, with
// whatever parameters? What is false here is a handler's 415.
bool is_json(const request& message);

// A JSON answer; `body` is serialised already.
response json(unsigned status, std::string body);

// An answer without a body, as 204 is.
response empty(unsigned status);

// RFC 9457: {"type":"about:blank","title":…,"status":…,"detail":…}. `detail` is for a person to act on, never
// a secret. A 503 carries Retry-After: 1.
response problem(unsigned status, std::string_view detail);

// The RFC 9110 reason phrase of a status that this project answers with; empty for any other.
std::string_view reason_phrase(unsigned status);

} // namespace http
