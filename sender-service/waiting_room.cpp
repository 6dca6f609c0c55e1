#include "sender-service/waiting_room.hpp"

namespace sender {

std::string_view to_string(room_state value)
{
    switch (value) {
    case room_state::not_ready:
        return "NOT_READY";
    case room_state::waiting:
        return "WAITING";
    case room_state::ready:
        return "READY";
    }
    return "NOT_READY";
}

room_schedule schedule_from(instant now, const room_waits& waits)
{
    return {.started_at = now, .waiting_at = now + waits.waiting_after, .ready_at = now + waits.ready_after};
}

room_state state_at(const room_schedule& schedule, bool ready_stored, instant now)
{
    if (ready_stored)
        return room_state::ready;
    return now >= schedule.waiting_at ? room_state::waiting : room_state::not_ready;
}

} // namespace sender
