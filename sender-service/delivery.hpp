#pragma once

#include "common/outbox/delivery.hpp"
#include "common/webhook/instant.hpp"
#include "sender-service/waiting_room.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sender {

using outbox::attempt;
using outbox::delivery;
using outbox::delivery_id;
using outbox::origin_id;
using webhook::instant;

// Who needs it: a receiver keeps its idempotency keys for two weeks, and a delivery may take a week in all.
inline constexpr std::chrono::hours redelivery_age_max{7 * 24}; // after READY

enum class delivery_status { pending, delivered, dead };

// The word of the API: pending, delivered or dead.
std::string_view to_string(delivery_status value);
std::optional<delivery_status> parse_delivery_status(std::string_view text);

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

// An origin as it is listed.
struct origin_summary
{
    origin_id id = 0;
    std::string origin;                   // "http://host:port", the default port left out
    std::optional<instant> paused_at;     // by an operator
    std::uint64_t backlog = 0;            // deliveries that are pending
    std::optional<instant> oldest_due_at; // of those
    std::uint64_t dead = 0;               // deliveries that went there last, and were given up
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
