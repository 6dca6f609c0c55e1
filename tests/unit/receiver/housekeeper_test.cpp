#include "receiver-service/housekeeper.hpp"
#include "tests/catch.hpp"
#include "tests/unit/receiver/forwarding_world.hpp"

using namespace std::chrono_literals;

namespace {

// A receiver whose app does not answer, and which keeps events for a day and tries for two hours.
struct kept_house : test::forwarding_world
{
    explicit kept_house(std::optional<std::chrono::milliseconds> forward_age_max = std::nullopt)
        : housekeeper(loop.get_executor(), *store, clock, timers,
                      {.retention = std::chrono::days{1}, .forward_age_max = forward_age_max}, log)
    {}

    void receive_some(std::size_t count)
    {
        for (std::size_t i = 0; i < count; ++i)
            receive("alice", "wr_" + std::to_string(received++));
    }

    void begin_housekeeping()
    {
        housekeeper.start();
        settle();
    }

    void end_housekeeping()
    {
        housekeeper.begin_stop();
        settle();
    }

    // How many of this status are there, at most 500.
    std::size_t stored(const std::string& status)
    {
        return get_json("/user-app/events?limit=500&status=" + status).at("items").as_array().size();
    }

    std::size_t received = 0;
    receiver::housekeeper housekeeper;
};

} // namespace

TEST_CASE("what became too old before a start is deleted after it, turn by turn")
{
    kept_house k;
    k.begin(); // every event is processed at once
    k.receive_some(receiver::housekeeping_turn_rows + 20);
    k.clock.at += 25h;
    k.receive_some(1);
    k.begin_housekeeping();
    CHECK(k.stored("processed") == 21); // the first turn
    k.advance(receiver::housekeeping_turn_pause);
    CHECK(k.stored("processed") == 1);
    CHECK(k.log_lines.back().find("count=520") != std::string::npos);
    k.end_housekeeping();
}

TEST_CASE("what becomes too old later is deleted too, whatever the clock does meanwhile")
{
    const bool set_back = GENERATE(false, true);
    kept_house k;
    k.begin();
    k.begin_housekeeping();
    if (set_back) {
        k.clock.at -= 1000h;
        k.timers.wake_all(); // as a timer does after 30 s
        k.settle();
    }
    k.receive_some(11);
    k.advance(24h);
    CHECK(k.stored("processed") == 11);
    k.advance(receiver::housekeeping_round_pause);
    CHECK(k.stored("processed") == 1); // the newest stays
    k.end_housekeeping();
}

TEST_CASE("what the app did not take in time is dead, though no attempt was made")
{
    kept_house k{2h}; // its dispatcher has not begun, as if a breaker held everything back
    k.receive_some(3);
    k.begin_housekeeping();
    k.advance(2h - 1ms);
    k.receive_some(1);
    CHECK(k.stored("accepted") == 4);
    k.advance(receiver::housekeeping_round_pause);
    CHECK(k.stored("accepted") == 1);
    CHECK(k.stored("dead") == 3);
    k.end_housekeeping();
}

TEST_CASE("without an app nothing that waits for one grows too old")
{
    kept_house k;
    k.receive_some(3);
    k.begin_housekeeping();
    for (int days = 0; days < 40; ++days)
        k.advance(24h);
    CHECK(k.stored("accepted") == 3);
    k.end_housekeeping();
}
