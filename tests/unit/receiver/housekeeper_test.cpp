#include "receiver-service/housekeeper.hpp"
#include "tests/catch.hpp"
#include "tests/support/driven_timers.hpp"
#include "tests/unit/receiver/fixture.hpp"

using namespace std::chrono_literals;

namespace {

struct kept_house : test::receiver_fixture
{
    // Events that arrive now.
    void receive_some(std::size_t count)
    {
        for (std::size_t i = 0; i < count; ++i)
            receive("alice", "wr_" + std::to_string(received++));
    }

    void advance(std::chrono::milliseconds step)
    {
        clock.at += step;
        timers.fire(clock.at);
        settle();
    }

    // How many are there, at most 500.
    std::size_t stored() { return get_json("/user-app/events?limit=500").at("items").as_array().size(); }

    std::size_t received = 0;
    test::driven_timers timers;
    receiver::housekeeper housekeeper{loop.get_executor(), *store, clock, timers, std::chrono::days{1}, log};
};

} // namespace

TEST_CASE("what became too old before a start is deleted after it, turn by turn")
{
    kept_house k;
    k.receive_some(receiver::pruned_at_once_max + 20);
    k.clock.at += 25h;
    k.receive_some(1);
    k.housekeeper.start();
    k.settle();
    CHECK(k.stored() == 21); // the first turn
    k.advance(receiver::prune_turn_pause);
    CHECK(k.stored() == 1);
    CHECK(k.log_lines.back().find("events=520") != std::string::npos);
    k.housekeeper.begin_stop();
    k.settle();
}

TEST_CASE("what becomes too old is deleted within an hour")
{
    kept_house k;
    k.housekeeper.start();
    k.settle();
    k.receive_some(10);
    k.advance(24h);
    CHECK(k.stored() == 10);
    k.receive_some(1);
    k.advance(receiver::prune_every);
    CHECK(k.stored() == 1);
    k.housekeeper.begin_stop();
    k.settle();
}

TEST_CASE("a clock that is set back does not keep the house from being kept")
{
    kept_house k;
    k.receive_some(10);
    k.receive_some(1);
    k.housekeeper.start();
    k.settle();
    k.clock.at -= 1000h;
    k.timers.wake_all();
    k.settle();
    k.clock.at += 1000h + 25h;
    k.timers.fire(k.clock.at);
    k.settle();
    CHECK(k.stored() == 1);
    k.housekeeper.begin_stop();
    k.settle();
}
