#include "tests/catch.hpp"
#include "tests/unit/receiver/forwarding_world.hpp"

#include <boost/json/parse.hpp>

using test::forwarding_world;
using namespace std::chrono_literals;

TEST_CASE("reprocess forwards an event again, whether the app has had it or not")
{
    const unsigned first_answer = GENERATE(200U, 410U);
    forwarding_world w;
    w.begin();
    w.app_answers(first_answer);
    w.receive("alice", "wr_1");
    w.settle();
    w.app_answers(200);
    w.clock.at += 1h;
    const auto answer = w.reprocess("1");
    CHECK(answer.status == 202);
    const auto told = boost::json::parse(answer.body);
    CHECK(told.at("id") == "1");
    CHECK(told.at("status") == "accepted");
    w.settle();
    REQUIRE(w.transport.posted.size() == 2);
    CHECK(w.transport.posted[0].body == w.transport.posted[1].body);
    const auto event = w.get_json("/user-app/events/1");
    CHECK(event.at("status") == "processed");
    CHECK(event.at("reason").is_null());
    CHECK(event.at("attemptLog").as_array().size() == 2); // the old one stays listed
}

TEST_CASE("reprocess begins a new series: its attempts and its age count anew")
{
    outbox::dispatch_settings settings;
    settings.retry.attempts_max = 3;
    settings.retry.age_max = 1h;
    forwarding_world w{settings};
    w.begin();
    w.app_answers(500);
    w.receive("alice", "wr_1");
    for (int i = 0; i < 10; ++i)
        w.advance(4s);
    REQUIRE(w.status_of("1") == "dead");
    REQUIRE(w.transport.posted.size() == 3);
    w.advance(2h);
    w.reprocess("1");
    w.settle();
    CHECK(w.status_of("1") == "accepted"); // neither too old, nor at its last attempt
    CHECK(w.get_json("/user-app/events/1").at("nextAttemptAt") ==
          "2026-01-02T05:04:46.678Z"); // base, not base*8
    for (int i = 0; i < 10; ++i)
        w.advance(4s);
    CHECK(w.transport.posted.size() == 6);
    const auto event = w.get_json("/user-app/events/1");
    CHECK(event.at("status") == "dead");
    CHECK(event.at("attemptLog").at(5).at("number") == 6);
}

TEST_CASE("reprocess makes an event that waits for its next attempt due at once")
{
    forwarding_world w;
    w.begin();
    w.app_answers(500);
    w.receive("alice", "wr_1");
    w.settle();
    REQUIRE(w.transport.posted.size() == 1);
    w.app_answers(200);
    CHECK(w.reprocess("1").status == 202);
    w.settle();
    CHECK(w.transport.posted.size() == 2);
    CHECK(w.status_of("1") == "processed");
}

TEST_CASE("reprocess of an event that does not exist is 404")
{
    forwarding_world w;
    const auto* const id = GENERATE("1", "0", "x", "99999999999999999999");
    CHECK(w.reprocess(id).status == 404);
}

TEST_CASE("without an app an event is processed when it is accepted, and reprocess is 409")
{
    test::receiver_fixture r;
    r.receive("alice", "wr_1");
    const auto event = r.get_json("/user-app/events/1");
    CHECK(event.at("status") == "processed");
    CHECK(event.at("attempts") == 0);
    CHECK(event.at("attemptLog").as_array().empty());
    CHECK(r.reprocess("1").status == 409);
    CHECK(r.result_of(r.store->count_accepted()) == 0);
    CHECK(r.result_of(r.store->find_work(0, 10)).empty());
}
