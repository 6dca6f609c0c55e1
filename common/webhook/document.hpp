#pragma once

#include "common/webhook/event.hpp"
#include "common/webhook/members.hpp"

#include <boost/system/result.hpp>

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

namespace webhook {

// The members of the payload, in the contract's order.
enum class member_name : std::size_t { type, session_id, user_id, event_id, issued_at, idempotency_key };

inline constexpr std::array<std::string_view, 6> member_names{"type",    "sessionId", "userId",
                                                              "eventId", "issuedAt",  "idempotencyKey"};

// A body that is well-formed JSON. Verification needs its idempotency key before the members may be judged.
struct document
{
    std::vector<member> members; // as many as member_names

    const member& operator[](member_name name) const { return members[static_cast<std::size_t>(name)]; }
};

// Reads the six members of a body, as parse_members() says.
boost::system::result<document, body_error> parse_document(std::string_view body);

// Judges the six members, as `parse_event` says.
boost::system::result<event, body_error> read_event(const document& source);

} // namespace webhook
