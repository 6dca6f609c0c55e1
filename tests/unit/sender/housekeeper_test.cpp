#include "sender-service/housekeeper.hpp"
#include "tests/catch.hpp"
#include "tests/unit/sender/world.hpp"

using sender::delivery_status;
using test::world;
using namespace std::chrono_literals;

namespace {

// A housekeeper in a world, which ends its rounds before either goes.
class kept_house
{
public:
    explicit kept_house(world& w, const sender::housekeeping& settings = {})
        : world_(w),
          keeper_(w.loop.get_executor(), *w.store, w.clock, w.timers, settings, w.log)
    {
        keeper_.start();
        w.settle();
    }
    ~kept_house() { stop(); }
    kept_house(const kept_house&) = delete;
    kept_house& operator=(const kept_house&) = delete;

    void stop() { world_.run(keeper_.stop(0ms)); }

private:
    world& world_;
    sender::housekeeper keeper_;
};

std::size_t count(world& w, delivery_status status)
{
    sender::delivery_filter filter;
    filter.status = status;
    filter.limit = 10'000;
    return w.result_of(w.store->deliveries(filter)).items.size();
}

// So many deliveries that are pending and will be for ever: nobody sends them.
void make_pending(world& w, int users)
{
    w.start_users("user", users);
    w.clock.at += 5s;
    for (int turn = 0; turn * 500 < users; ++turn)
        w.result_of(w.store->promote_due(w.clock.now(), 500));
}

// As the daemon's, with the defaults: what is READY for 72 h, and for the 15 s that an attempt may last.
constexpr auto expires_after = 72h + 15s;

} // namespace

TEST_CASE("what nobody could send expires within a minute of its age, and of an attempt that began in time")
{
    world w;
    make_pending(w, 3);
    w.clock.at += expires_after - 1min;
    kept_house house{w};
    w.advance(59'999ms);
    CHECK(count(w, delivery_status::pending) == 3);
    w.advance(1ms);
    CHECK(count(w, delivery_status::dead) == 3);
}

TEST_CASE("many are given up in turns of 500 that leave time for others")
{
    world w;
    make_pending(w, 1'200);
    w.clock.at += expires_after;
    kept_house house{w};
    std::vector<std::size_t> dead{count(w, delivery_status::dead)};
    for (int turn = 0; turn < 4; ++turn) {
        w.advance(19ms);
        CHECK(count(w, delivery_status::dead) == dead.back());
        w.advance(1ms);
        dead.push_back(count(w, delivery_status::dead));
    }
    CHECK(dead == std::vector<std::size_t>{500, 1'000, 1'200, 1'200, 1'200});
}

TEST_CASE("what ended is deleted after the retention, in turns")
{
    world w;
    w.begin();
    w.start_users("user", 700);
    w.advance(5s);
    REQUIRE(count(w, delivery_status::delivered) == 700);
    w.clock.at += 24h + 1ms;
    sender::housekeeping settings;
    settings.retention = 24h;
    kept_house house{w, settings};
    CHECK(count(w, delivery_status::delivered) == 200);
    w.advance(20ms);
    CHECK(count(w, delivery_status::delivered) == 0);
}

TEST_CASE("a round that the storage refuses is made up for in the next")
{
    world w;
    make_pending(w, 3);
    w.clock.at += expires_after;
    w.store->refusing = true;
    kept_house house{w};
    w.advance(1min);
    CHECK(count(w, delivery_status::pending) == 3);
    w.store->refusing = false;
    w.advance(1min);
    CHECK(count(w, delivery_status::dead) == 3);
}

TEST_CASE("a clock that is set back does not put off the next round")
{
    world w;
    make_pending(w, 3);
    w.clock.at += expires_after + 24h;
    w.store->refusing = true;
    kept_house house{w};
    w.store->refusing = false;
    w.clock.at -= 12h;
    w.timers.wake_all(); // as a timer does within half a minute
    w.settle();
    CHECK(count(w, delivery_status::dead) == 3);
}

TEST_CASE("a stop begins no further turn")
{
    world w;
    make_pending(w, 1'200);
    w.clock.at += expires_after;
    kept_house house{w};
    REQUIRE(count(w, delivery_status::dead) == 500);
    house.stop();
    for (int minutes = 0; minutes < 5; ++minutes)
        w.advance(1min);
    CHECK(count(w, delivery_status::dead) == 500);
}
