#pragma once

#include "common/http/address_policy.hpp"

#include <boost/system/result.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace sender {

// A callback that may be registered.
struct callback
{
    std::string url;
    std::string origin;
};

// Why it may not: the HTTP status (400, 422) and what to do.
struct callback_refusal
{
    unsigned status;
    std::string detail;
};

// Reads the body of a registration: a JSON object whose callbackUrl is a URL that this sender may call.
// Judges the text and address literals; names are judged at every connect. `origins`, when not empty, lists
// the only ones that may register. Pure.
boost::system::result<callback, callback_refusal> read_registration(std::string_view body,
                                                                    const http::address_policy& policy,
                                                                    const std::vector<std::string>& origins);

} // namespace sender
