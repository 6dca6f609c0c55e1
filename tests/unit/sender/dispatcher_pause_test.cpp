#include "tests/catch.hpp"
#include "tests/unit/sender/world.hpp"

using test::answered;
using test::world;
using namespace std::chrono_literals;

namespace {

const std::string app = "http://app.test";

} // namespace

TEST_CASE("an operator's pause holds what is due, costs no attempt, and ends when it is lifted")
{
    world w;
    w.begin();
    w.make_ready("first");
    w.pause(app, true);
    w.start_users("user", 20, app);
    w.start_users("other", 1, "http://other.test");
    w.advance(5s);
    for (int hours = 0; hours < 20; ++hours)
        w.advance(1h);
    CHECK(w.posted_to(app) == 1);
    CHECK(w.posted_to("http://other.test") == 1);
    CHECK(w.summary(app).backlog == 20);
    CHECK(w.summary(app).paused_at);
    w.pause(app, false);
    CHECK(w.posted_to(app) == 21);
    CHECK(w.summary(app).backlog == 0);
    CHECK_FALSE(w.summary(app).paused_at);
}

TEST_CASE("what is on the wire when its origin is paused is recorded, and its retry waits")
{
    world w;
    w.transport.holding = true;
    w.transport.answer = [](const auto&) { return answered(500); };
    w.begin();
    w.make_ready("alice");
    w.pause(app, true);
    w.transport.release();
    w.settle();
    CHECK(w.newest_delivery("alice").attempts.size() == 1);
    w.transport.holding = false;
    w.advance(1h);
    CHECK(w.transport.posted.size() == 1);
    w.pause(app, false);
    CHECK(w.transport.posted.size() == 2);
}

TEST_CASE("a pause survives a restart, and so does its end")
{
    world w; // its own dispatcher never begins
    w.start_users("user", 5, app);
    w.clock.at += 5s;
    w.result_of(w.store->promote_due(w.clock.now(), 500));
    REQUIRE(w.result_of(w.store->pause_origin(app, true, w.clock.now())));
    w.begin();
    w.advance(1h);
    CHECK(w.transport.posted.empty());
    w.pause(app, false);
    CHECK(w.transport.posted.size() == 5);
}

TEST_CASE("a pause that was lifted is not there after a restart")
{
    world w;
    w.start_users("user", 5, app);
    w.clock.at += 5s;
    w.result_of(w.store->promote_due(w.clock.now(), 500));
    w.result_of(w.store->pause_origin(app, true, w.clock.now()));
    w.result_of(w.store->pause_origin(app, false, w.clock.now()));
    w.begin();
    CHECK(w.transport.posted.size() == 5);
}

TEST_CASE("pausing what is paused keeps the time since when, and an unknown origin is unknown")
{
    world w;
    w.register_user("alice");
    const auto began = w.clock.now();
    w.pause(app, true);
    w.clock.at += 1h;
    w.pause(app, true);
    CHECK(w.summary(app).paused_at == began);
    CHECK_FALSE(w.result_of(w.store->pause_origin("http://nobody.test", true, w.clock.now())));
}

TEST_CASE("what became too old during a pause expires when the pause is lifted, without an attempt")
{
    world w;
    w.begin();
    w.register_user("alice");
    w.pause(app, true);
    w.start_user("alice");
    w.advance(5s);
    w.advance(72h);
    w.pause(app, false);
    CHECK(w.transport.posted.empty());
    CHECK(w.newest_delivery("alice").summary.reason == "expired");
    CHECK(w.newest_delivery("alice").attempts.empty());
}
