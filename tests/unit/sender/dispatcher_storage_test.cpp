#include "tests/catch.hpp"
#include "tests/unit/sender/world.hpp"

using sender::delivery_status;
using test::answered;
using test::world;
using namespace std::chrono_literals;

namespace {

std::size_t lines_with(const world& w, std::string_view text)
{
    std::size_t count = 0;
    for (const auto& line : w.log_lines)
        count += line.find(text) != std::string::npos ? 1 : 0;
    return count;
}

} // namespace

TEST_CASE("an outcome that the storage refuses is held and recorded later, and its POST is not repeated")
{
    world w;
    w.transport.holding = true;
    w.begin();
    w.make_ready("alice");
    w.store->refusing = true;
    w.transport.release();
    for (int i = 0; i < 100; ++i)
        w.advance(500ms);
    CHECK(w.newest_delivery("alice").summary.status == delivery_status::pending);
    CHECK(lines_with(w, "outcomes_held") == 1);
    w.store->refusing = false;
    w.advance(500ms);
    CHECK(w.newest_delivery("alice").summary.status == delivery_status::delivered);
    CHECK(w.transport.posted.size() == 1);
    CHECK(lines_with(w, "outcomes_recorded") == 1);
}

TEST_CASE("while an outcome is held no other attempt begins, and all are made when space is back")
{
    outbox::dispatch_settings settings;
    settings.in_flight_max = 1;
    world w{settings};
    w.transport.holding = true;
    w.begin();
    for (const auto* user : {"first", "second", "third"}) {
        w.register_user(user);
        w.start_user(user);
    }
    w.advance(5s);
    w.store->refusing = true;
    w.transport.holding = false;
    w.transport.release();
    for (int i = 0; i < 100; ++i)
        w.advance(1s);
    CHECK(w.transport.posted.size() == 1);
    w.store->refusing = false;
    w.advance(1s);
    CHECK(w.transport.posted.size() == 3);
}

TEST_CASE("READY that the storage refuses comes when space is back")
{
    world w;
    w.begin();
    w.register_user("alice");
    w.start_user("alice");
    w.store->refusing = true;
    w.advance(5s);
    w.advance(1h);
    CHECK(w.transport.posted.empty());
    CHECK_FALSE(w.status("alice").became_ready_at);
    w.store->refusing = false;
    w.advance(1s);
    CHECK(w.newest_delivery("alice").summary.status == delivery_status::delivered);
}

TEST_CASE("what is overdue is found although the wall clock was set back after a refused claim")
{
    world w;
    w.register_user("alice");
    w.start_user("alice");
    w.clock.at += 5s;
    w.result_of(w.store->promote_due(w.clock.now(), 500));
    w.clock.at += 2h;
    w.store->refusing = true;
    w.dispatcher.start();
    w.settle(); // the claim is refused, and is to be tried again half a second from now
    CHECK(lines_with(w, "claim_refused") == 1);
    w.store->refusing = false;
    w.clock.at -= 1h;
    w.timers.wake_all();
    w.settle();
    CHECK(w.transport.posted.size() == 1);
    CHECK(w.newest_delivery("alice").summary.status == delivery_status::delivered);
}

TEST_CASE("the first failure of a delivery is in the log, with what came back")
{
    world w;
    w.transport.answer = [](const auto&) { return answered(401); };
    w.begin();
    w.make_ready("alice");
    CHECK(lines_with(w, "WARN  attempt_failed") == 1);
    CHECK(lines_with(w, "status=401") == 1);
    w.advance(1s);
    CHECK(lines_with(w, "WARN  attempt_failed") == 1);
}

TEST_CASE("a delivery whose URL was replaced is not called dead for what its old URL answered")
{
    world w;
    w.transport.holding = true;
    w.transport.answer = [](const auto& sent) {
        return answered(sent.url == "http://new.test/" ? 200 : 410);
    };
    w.begin();
    w.make_ready("alice");
    w.register_user("alice", "http://new.test/");
    w.transport.holding = false;
    w.transport.release();
    w.settle();
    CHECK(w.newest_delivery("alice").summary.status == delivery_status::delivered);
    CHECK(lines_with(w, "delivery_dead") == 0);
    CHECK(w.status("alice").registered);
}
