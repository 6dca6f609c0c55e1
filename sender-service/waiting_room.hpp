#pragma once

#include "common/webhook/instant.hpp"

#include <chrono>
#include <string_view>

namespace sender {

using webhook::instant;

enum class room_state { not_ready, waiting, ready };

// The word of the API: NOT_READY, WAITING or READY.
std::string_view to_string(room_state value);

// How long a session stays in each state, counted from its start.
struct room_waits
{
    std::chrono::milliseconds waiting_after{2'000};
    std::chrono::milliseconds ready_after{5'000}; // at least waiting_after
};

// When a session moves on; fixed when it starts.
struct room_schedule
{
    instant started_at;
    instant waiting_at;
    instant ready_at;
};

// The schedule of a session that starts at `now`.
room_schedule schedule_from(instant now, const room_waits& waits);

// The state that a session shows at `now`. READY is a fact that was stored (`ready_stored`), together with
// the delivery to make, and never reverts; before it, the clock decides, so that a session whose time has
// come but whose READY is not on disk yet is still WAITING.
room_state state_at(const room_schedule& schedule, bool ready_stored, instant now);

} // namespace sender
