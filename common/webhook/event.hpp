#pragma once

#include "common/webhook/instant.hpp"
#include "common/webhook/members.hpp"

#include <boost/system/result.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace webhook {

inline constexpr std::string_view waiting_room_active = "WAITING_ROOM_ACTIVE";
inline constexpr std::size_t user_id_length_max = 128;
inline constexpr std::size_t member_length_max = 256;

// The six members of the payload.
struct event
{
    std::string type;
    std::string session_id;
    std::string user_id;
    std::string event_id;
    std::string issued_at; // ISO 8601 UTC, as it is shown; a number received is turned into it
    std::string idempotency_key;

    friend bool operator==(const event&, const event&) = default;
};

// What a user id is.
inline constexpr std::string_view user_id_rule =
    "1 to 128 characters of A-Z a-z 0-9 . _ ~ @ : + - other than . and ..";

// The sentence for whoever sent something else as a user id.
std::string malformed_user_id();

// True for a text that keeps user_id_rule.
bool valid_user_id(std::string_view text);

// "evt_<sessionId>_active": the same on every attempt of a session's event.
std::string idempotency_key_of(std::string_view session_id);

// The event that says that `user_id` left the waiting room with `session_id` at `ready_at`.
event make_ready_event(std::string_view user_id, std::string_view session_id, instant ready_at);

// The compact JSON of the six members in the contract's order. Serialised once for each event; what was
// signed is never serialised again.
std::string to_json(const event& value);

// Reads a received body: one JSON object of at most 32 levels with the six members, unknown members
// ignored, one of the six given twice refused, every text valid UTF-8. `issuedAt` is ISO 8601 UTC with an
// optional fraction, or a number of epoch seconds from 1970 to 9999. `sessionId`, `type`, `eventId` and
// `idempotencyKey` are 1 to 256 visible ASCII characters.
boost::system::result<event, body_error> parse_event(std::string_view body);

} // namespace webhook
