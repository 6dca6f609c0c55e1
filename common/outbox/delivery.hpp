#pragma once

#include "common/outbox/retry.hpp"
#include "common/webhook/instant.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace outbox {

inline constexpr std::size_t attempts_kept_max = 1'000; // of one delivery; the oldest give way

using delivery_id = std::int64_t;
using origin_id = std::int64_t; // the store's, of a scheme, host and port

// A webhook that waits to be sent, with all that an attempt needs.
struct delivery
{
    delivery_id id = 0;
    origin_id origin = 0; // of the URL
    std::string user_id;
    std::string idempotency_key;
    std::string body; // sent byte for byte
    std::string callback_url;
    std::int64_t registration = 0; // which registration of the user's the URL was read from
    unsigned attempts_made = 0;
    unsigned attempts_before = 0; // of those, the ones before it was last asked for again
    instant since;                // its age counts from here: READY, or when it was asked for again
};

// One attempt as it is kept for people.
struct attempt
{
    unsigned number = 0; // 1-based
    instant started_at;
    std::chrono::milliseconds duration{0};
    std::string callback_url;
    std::string result;   // the word of http::exchange_result
    unsigned status = 0;  // of the response, when there was one
    std::string error;    // why there was none
    std::string response; // the first 1 KiB of its body
};

// What is recorded when an attempt has ended, or when a delivery expired before one could begin.
struct conclusion
{
    delivery_id id = 0;
    std::string user_id;
    std::int64_t registration = 0; // as in the delivery that was attempted
    instant since;                 // the same: tells its series from one that was asked for meanwhile
    verdict what = delivered{};
    instant at;
    unsigned attempts = 0; // that were made so far, this one included
    std::optional<attempt> made;
};

// What the store is asked for: the deliveries of an origin that are due.
struct claim_request
{
    origin_id origin = 0;
    std::size_t limit = 0;
};

} // namespace outbox
