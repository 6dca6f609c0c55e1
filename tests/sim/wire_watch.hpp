#pragma once

#include "common/http/transport.hpp"

#include <string>

namespace sim {

// Watches the attempts that one service makes.
class wire_watch
{
public:
    virtual ~wire_watch() = default;

    // Answers with the idempotency key.
    virtual std::string attempt_begins(const http::outgoing& message) = 0;
    virtual void attempt_ends(const std::string& key, const std::string& url, const http::exchange& how) = 0;
};

} // namespace sim
