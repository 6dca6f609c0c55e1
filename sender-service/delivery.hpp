#pragma once

#include "common/webhook/instant.hpp"
#include "sender-service/retry.hpp"
#include "sender-service/waiting_room.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sender {

inline constexpr std::size_t attempts_kept_max = 1'000; // of one delivery; the oldest give way

using delivery_id = std::int64_t;

enum class delivery_status { pending, delivered, dead };

// The word of the API: pending, delivered or dead.
std::string_view to_string(delivery_status value);
std::optional<delivery_status> parse_delivery_status(std::string_view text);

// A delivery that waits to be attempted, with all that an attempt needs.
struct delivery
{
    delivery_id id = 0;
    std::string user_id;
    std::string idempotency_key;
    std::string body; // sent byte for byte
    std::string callback_url;
    std::int64_t registration = 0; // which registration of the user's the URL was read from
    unsigned attempts_made = 0;
    instant ready_at;
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
    verdict what = delivered{};
    instant at;
    std::optional<attempt> made;
};

// A delivery as it is listed.
struct delivery_summary
{
    delivery_id id = 0;
    std::string user_id;
    std::string session_id;
    delivery_status status = delivery_status::pending;
    std::optional<std::string> origin;       // that it goes to, or went to last
    std::optional<std::string> callback_url; // as registered now
    unsigned attempts = 0;
    instant ready_at;
    std::optional<instant> next_attempt_at; // when pending
    std::optional<instant> finished_at;     // when not
    std::optional<std::string> reason;      // when dead
};

struct delivery_detail
{
    delivery_summary summary;
    std::string body;
    std::vector<attempt> attempts; // oldest first
};

// A user as GET status shows them.
struct user_status
{
    bool registered = false;
    std::optional<std::string> session_id; // of the newest session
    room_schedule schedule;
    std::optional<instant> became_ready_at; // when READY was stored
    std::optional<delivery_summary> notification;
};

} // namespace sender
