#include "sender-service/waiting_room.hpp"
#include "tests/catch.hpp"

using namespace std::chrono_literals;

namespace {

const sender::instant start{1'700'000'000'000ms};
const sender::room_waits waits{.waiting_after = 2000ms, .ready_after = 5000ms};

} // namespace

TEST_CASE("a session's schedule is fixed when it starts")
{
    const auto schedule = sender::schedule_from(start, waits);
    CHECK(schedule.started_at == start);
    CHECK(schedule.waiting_at == start + 2000ms);
    CHECK(schedule.ready_at == start + 5000ms);
}

TEST_CASE("the state before READY follows from the clock, to the millisecond")
{
    const auto schedule = sender::schedule_from(start, waits);
    const auto at = [&](auto after) { return sender::state_at(schedule, false, start + after); };
    CHECK(at(0ms) == sender::room_state::not_ready);
    CHECK(at(1999ms) == sender::room_state::not_ready);
    CHECK(at(2000ms) == sender::room_state::waiting);
    CHECK(at(4999ms) == sender::room_state::waiting);
}

TEST_CASE("READY shows once it is stored, not when its time has come")
{
    const auto schedule = sender::schedule_from(start, waits);
    CHECK(sender::state_at(schedule, false, start + 5000ms) == sender::room_state::waiting);
    CHECK(sender::state_at(schedule, false, start + 1h) == sender::room_state::waiting);
    CHECK(sender::state_at(schedule, true, start + 5000ms) == sender::room_state::ready);
}

TEST_CASE("READY never reverts when the clock is stepped back")
{
    const auto schedule = sender::schedule_from(start, waits);
    CHECK(sender::state_at(schedule, true, start) == sender::room_state::ready);
    CHECK(sender::state_at(schedule, true, start - 1h) == sender::room_state::ready);
}

TEST_CASE("WAITING is taken back when the clock is stepped back before it, and comes again")
{
    const auto schedule = sender::schedule_from(start, waits);
    CHECK(sender::state_at(schedule, false, start + 2500ms) == sender::room_state::waiting);
    CHECK(sender::state_at(schedule, false, start - 1h) == sender::room_state::not_ready);
    CHECK(sender::state_at(schedule, false, start + 2000ms) == sender::room_state::waiting);
}

TEST_CASE("the states have the words of the API")
{
    CHECK(to_string(sender::room_state::not_ready) == "NOT_READY");
    CHECK(to_string(sender::room_state::waiting) == "WAITING");
    CHECK(to_string(sender::room_state::ready) == "READY");
}
