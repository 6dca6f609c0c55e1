#pragma once

#include "common/http/framing.hpp"
#include "common/http/message.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace http {

struct request_limits
{
    std::size_t header_bytes_max; // the whole head, its empty line included
    std::size_t body_bytes_max;   // after decoding
};

// Reads one request after another out of what a connection brings, without I/O. It begins with the first
// request; when one is complete, next() begins another. After a refusal nothing more can be read.
class request_parser
{
public:
    explicit request_parser(request_limits limits);
    ~request_parser();

    request_parser(const request_parser&) = delete;
    request_parser& operator=(const request_parser&) = delete;

    // Forgets the request that was read, and begins the next one.
    void next();

    // Reads on. `received` begins with whatever the calls before did not use; answers with how much of it is
    // used now. It stops at the end of the request, so that a pipelined one behind it stays.
    std::size_t feed(std::string_view received);

    // The whole request is there.
    bool complete() const;

    // Set when the request is not acceptable.
    const std::optional<refusal>& refused() const;

    // The head is there, the body is not.
    bool in_body() const;

    // Does the client wait for 100 Continue before it sends the body? True once a request at most.
    bool take_expectation();

    // May another request follow? Known when complete. HTTP/1.0 connections are always closed.
    bool keep_alive() const;

    // The request; whole when complete(). Its path parameters and query are the router's to fill in.
    request& message();

    // The target as it came, path and query. Valid until next().
    std::string_view target() const;

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace http
