#include "common/outbox/housekeeper.hpp"
#include "tests/catch.hpp"
#include "tests/support/driven_timers.hpp"
#include "tests/support/fixed_clock.hpp"
#include "tests/unit/outbox/kept_store.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace std::chrono_literals;

namespace {

constexpr std::chrono::milliseconds age_max = 72h + 15s;

// A housekeeper with its loop, clock and timers in the test's hands, which ends its rounds before they go.
struct kept_house
{
    explicit kept_house(outbox::housekeeping settings = {.retention = std::chrono::days{7},
                                                         .age_max = age_max,
                                                         .expired_line = "gave_up",
                                                         .pruned_line = "deleted"})
        : keeper(loop.get_executor(), store, clock, timers, settings, log)
    {}
    ~kept_house() { stop(); }
    kept_house(const kept_house&) = delete;
    kept_house& operator=(const kept_house&) = delete;

    void start()
    {
        keeper.start();
        settle();
    }

    void stop()
    {
        keeper.begin_stop();
        settle();
    }

    void advance(std::chrono::milliseconds step)
    {
        clock.at += step;
        timers.fire(clock.at);
        settle();
    }

    void settle()
    {
        loop.restart();
        while (loop.poll() > 0) {
        }
    }

    bool logged(std::string_view line) const
    {
        return std::any_of(log_lines.begin(), log_lines.end(),
                           [&](const auto& each) { return each.find(line) != std::string::npos; });
    }

    boost::asio::io_context loop;
    test::fixed_clock clock;
    test::driven_timers timers;
    std::vector<std::string> log_lines;
    runtime::log log{clock, runtime::log_level::debug, runtime::log_format::text,
                     [this](std::string_view line) { log_lines.emplace_back(line); }};
    test::kept_store store;
    outbox::housekeeper keeper;
};

} // namespace

TEST_CASE("a round gives up what is older than its age, then deletes what ended before the retention")
{
    kept_house house;
    const auto began = house.clock.now();
    house.start();
    REQUIRE(house.store.turns.size() == 2);
    CHECK(house.store.turns[0].what == "expire");
    CHECK(house.store.turns[0].limit_at == began - age_max);
    CHECK(house.store.turns[1].what == "prune");
    CHECK(house.store.turns[1].limit_at == began - std::chrono::days{7});
    CHECK_FALSE(house.logged("gave_up")); // nothing was
    CHECK_FALSE(house.logged("deleted"));
}

TEST_CASE("a minute lies between two rounds")
{
    kept_house house;
    house.start();
    house.advance(59'999ms);
    CHECK(house.store.turns.size() == 2);
    house.advance(1ms);
    REQUIRE(house.store.turns.size() == 4);
    CHECK(house.store.turns[2].limit_at == house.clock.now() - age_max);
}

TEST_CASE("many rows are gone through in turns of 500 that leave time for others, and logged as one")
{
    kept_house house;
    house.store.to_expire = 1'200;
    house.store.to_prune = 700;
    house.start();
    std::vector<std::size_t> left{house.store.to_expire + house.store.to_prune};
    for (int turn = 0; turn < 5; ++turn) {
        house.advance(19ms);
        CHECK(house.store.to_expire + house.store.to_prune == left.back());
        house.advance(1ms);
        left.push_back(house.store.to_expire + house.store.to_prune);
    }
    // The last turn that gives up finds too few for another one, so the first that deletes follows at once.
    CHECK(left == std::vector<std::size_t>{1'400, 900, 200, 0, 0, 0});
    std::vector<std::int64_t> from;
    for (const auto& each : house.store.turns) {
        from.push_back(each.from);
        CHECK(each.rows == 500);
    }
    CHECK(from == std::vector<std::int64_t>{0, 500, 1'000, 0, 500});
    CHECK(house.logged("gave_up count=1200"));
    CHECK(house.logged("deleted count=700"));
}

TEST_CASE("where nothing is sent nothing is given up, and what ended is deleted all the same")
{
    kept_house house{{.retention = std::chrono::days{1}, .age_max = std::nullopt}};
    house.store.to_expire = 3;
    house.store.to_prune = 3;
    house.start();
    for (int days = 0; days < 40; ++days)
        house.advance(24h);
    CHECK(house.store.to_expire == 3);
    CHECK(house.store.to_prune == 0);
}

TEST_CASE("a round that the storage refuses is made up for in the next")
{
    kept_house house;
    house.store.to_expire = 3;
    house.store.refusing = true;
    house.start();
    house.advance(1min);
    CHECK(house.store.to_expire == 3);
    CHECK(house.logged("housekeeping_refused"));
    house.store.refusing = false;
    house.advance(1min);
    CHECK(house.store.to_expire == 0);
}

TEST_CASE("a clock that is set back does not put off the next round")
{
    kept_house house;
    house.start();
    house.clock.at -= 12h;
    house.timers.wake_all(); // as a timer does within half a minute
    house.settle();
    CHECK(house.store.turns.size() == 4);
}

TEST_CASE("a timer that wakes before its time begins no round")
{
    kept_house house;
    house.start();
    house.clock.at += 30s;
    house.timers.wake_all();
    house.settle();
    CHECK(house.store.turns.size() == 2);
}

TEST_CASE("a stop begins no further turn, and one that waits completes when the rounds have ended")
{
    const bool waits = GENERATE(false, true);
    kept_house house;
    house.store.to_expire = 1'200;
    house.start();
    REQUIRE(house.store.to_expire == 700);
    bool stopped = false;
    if (waits)
        boost::asio::co_spawn(house.loop, house.keeper.stop(1h),
                              [&](const std::exception_ptr&) { stopped = true; });
    else
        house.keeper.begin_stop();
    house.settle();
    CHECK(stopped == waits);
    CHECK(house.loop.stopped()); // nothing is left to do
    for (int minutes = 0; minutes < 5; ++minutes)
        house.advance(1min);
    CHECK(house.store.to_expire == 700);
}
