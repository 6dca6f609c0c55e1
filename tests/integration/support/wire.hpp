#pragma once

#include "tests/integration/support/http_client.hpp"

#include <string>

namespace integration {

// The pair that the [wire] tests talk to.
struct wire_pair
{
    origin sender;
    origin receiver;
    std::string callback_url; // the receiver's webhook path, as the sender must be given it
    std::string secret;
    bool seed_alone_accepted = true; // RECEIVER_SIGNATURES=any

    // A callback that the sender may use and the receiver answers with 404, so that a delivery stays pending.
    std::string unanswered_callback_url() const;
};

// The pair named by INTEGRATION_SENDER_URL, INTEGRATION_RECEIVER_URL, INTEGRATION_CALLBACK_URL,
// INTEGRATION_SECRET and INTEGRATION_RECEIVER_SIGNATURES (any | standard). When the URLs are not set, both
// executables are started at the first call and ended at exit.
const wire_pair& wire();

} // namespace integration
