#include "tests/catch.hpp"
#include "tests/unit/sender/world.hpp"

#include <boost/asio/detached.hpp>

#include <algorithm>
#include <limits>

using answer = sender::redelivery::answer;
using sender::delivery_status;
using test::answered;
using test::world;
using namespace std::chrono_literals;

namespace {

outbox::dispatch_settings few_attempts()
{
    outbox::dispatch_settings settings;
    settings.retry.attempts_max = 2;
    return settings;
}

// As the API does it.
answer redeliver(world& w, sender::delivery_id id)
{
    const auto done = w.result_of(w.store->redeliver(id, w.clock.now()));
    if (done.what == answer::queued)
        w.dispatcher.note_stored(done.origin, w.clock.now());
    w.settle();
    return done.what;
}

answer redeliver(world& w, const std::string& user)
{
    return redeliver(w, w.newest_delivery(user).summary.id);
}

sender::redeliveries redeliver_dead(world& w, const sender::dead_filter& filter = {})
{
    auto done = w.result_of(w.store->redeliver_dead(filter, w.clock.now()));
    for (const auto of : done.origins)
        w.dispatcher.note_stored(of, w.clock.now());
    w.settle();
    return done;
}

// Lets everything fail until all are dead.
void let_die(world& w)
{
    w.transport.answer = [](const auto&) { return answered(500); };
    w.advance(5s);
    for (int minutes = 0; minutes < 3; ++minutes)
        w.advance(1min);
}

std::vector<unsigned> numbers(const sender::delivery_detail& detail)
{
    std::vector<unsigned> all;
    for (const auto& made : detail.attempts)
        all.push_back(made.number);
    return all;
}

} // namespace

TEST_CASE("the dead of an origin are counted until they are sent again")
{
    world w{few_attempts()};
    w.begin();
    w.start_users("user", 3);
    let_die(w);
    CHECK(w.result_of(w.store->origins({})).items.at(0).dead == 3);
    w.transport.answer = [](const auto&) { return answered(200); };
    redeliver(w, "user0");
    CHECK(w.result_of(w.store->origins({})).items.at(0).dead == 2);
}

TEST_CASE("a dead delivery that is asked for again is sent at once, with the bytes and the key it had")
{
    world w{few_attempts()};
    w.begin();
    w.start_users("user", 1);
    let_die(w);
    REQUIRE(w.newest_delivery("user0").summary.status == delivery_status::dead);
    w.transport.answer = [](const auto&) { return answered(200); };
    CHECK(redeliver(w, "user0") == answer::queued);
    REQUIRE(w.transport.posted.size() == 3);
    CHECK(w.transport.posted[2].body == w.transport.posted[0].body);
    const auto kept = w.newest_delivery("user0");
    CHECK(kept.summary.status == delivery_status::delivered);
    CHECK_FALSE(kept.summary.reason);
    CHECK(numbers(kept) == std::vector<unsigned>{1, 2, 3});
}

TEST_CASE("attempts of a new series are counted anew and numbered on")
{
    world w{few_attempts()};
    w.begin();
    w.start_users("user", 1);
    let_die(w);
    for (const unsigned so_far : {4U, 6U, 8U}) {
        CHECK(redeliver(w, "user0") == answer::queued);
        CHECK(w.newest_delivery("user0").summary.status == delivery_status::pending);
        w.advance(1s); // the wait before the second attempt of any series
        const auto kept = w.newest_delivery("user0");
        CHECK(kept.summary.status == delivery_status::dead);
        CHECK(kept.summary.reason == "attempts_exhausted");
        CHECK(kept.attempts.size() == so_far);
        CHECK(kept.attempts.back().number == so_far);
    }
}

TEST_CASE("a series that was asked for is not ended by the last attempt of the one before")
{
    world w{few_attempts()};
    w.transport.answer = [](const auto&) { return answered(500); };
    w.begin();
    w.make_ready("alice");
    w.transport.holding = true;
    w.advance(1s);
    w.run(w.store->unregister_user("alice", w.clock.now())); // the last attempt is on the wire
    w.register_user("alice");
    redeliver(w, "alice");
    w.transport.release();
    w.settle();
    CHECK(w.transport.posted.size() == 3);
    CHECK(w.newest_delivery("alice").summary.status == delivery_status::pending);
}

TEST_CASE("the age of a new series counts from when it was asked for")
{
    world w;
    w.transport.answer = [](const auto&) { return answered(500); };
    w.begin();
    w.make_ready("alice");
    w.advance(80h);
    REQUIRE(w.newest_delivery("alice").summary.reason == "expired");
    CHECK(redeliver(w, "alice") == answer::queued);
    const auto posted = w.transport.posted.size();
    w.advance(71h);
    CHECK(w.transport.posted.size() == posted + 1);
    CHECK(w.newest_delivery("alice").summary.status == delivery_status::pending);
    w.advance(1h);
    CHECK(w.newest_delivery("alice").summary.reason == "expired");
}

TEST_CASE("a pending delivery that is asked for becomes due now, and its series goes on")
{
    world w{few_attempts()};
    w.transport.answer = [](const auto&) { return answered(500); };
    w.begin();
    w.make_ready("alice");
    REQUIRE(w.transport.posted.size() == 1);
    CHECK(redeliver(w, "alice") == answer::queued);
    CHECK(w.transport.posted.size() == 2);
    CHECK(w.newest_delivery("alice").summary.reason == "attempts_exhausted");
}

TEST_CASE("a delivered one can be sent again")
{
    world w;
    w.begin();
    w.make_ready("alice");
    CHECK(redeliver(w, "alice") == answer::queued);
    CHECK(w.transport.posted.size() == 2);
    CHECK(w.newest_delivery("alice").summary.status == delivery_status::delivered);
}

TEST_CASE("a delivery is sent again where its user is registered now")
{
    world w{few_attempts()};
    w.begin();
    w.start_users("user", 1);
    let_die(w);
    w.register_user("user0", "http://new.test/hook");
    CHECK(redeliver(w, "user0") == answer::queued);
    CHECK(w.transport.posted.back().url == "http://new.test/hook");
    CHECK(w.newest_delivery("user0").summary.origin == "http://new.test");
}

TEST_CASE("what was READY more than 7 days ago is not sent again")
{
    world w;
    w.begin();
    w.make_ready("alice");
    w.clock.at += 7 * 24h;
    CHECK(redeliver(w, "alice") == answer::queued);
    w.clock.at += 1ms;
    CHECK(redeliver(w, "alice") == answer::too_old);
    CHECK(w.transport.posted.size() == 2);
}

TEST_CASE("what is no delivery, and whose user is not registered any more, is not sent again")
{
    world w;
    w.begin();
    CHECK(redeliver(w, 0) == answer::unknown);
    CHECK(redeliver(w, std::numeric_limits<sender::delivery_id>::max()) == answer::unknown);
    w.result_of(w.store->start("bob", "wr_1", sender::schedule_from(w.clock.now(), {})));
    CHECK(redeliver(w, 1) == answer::unknown); // a session that runs
    w.advance(5s);
    CHECK(redeliver(w, 1) == answer::unknown); // READY, and nobody to tell
    w.make_ready("alice");
    w.run(w.store->unregister_user("alice", w.clock.now()));
    CHECK(redeliver(w, "alice") == answer::unregistered);
    CHECK(w.transport.posted.size() == 1);
}

TEST_CASE("by filter, 1,000 dead are sent again in each call, until none remains")
{
    constexpr int dead = 2'300;
    world w{few_attempts()};
    w.begin();
    w.start_users("user", dead);
    let_die(w);
    for (int minutes = 0; minutes < 3; ++minutes)
        w.advance(1min);
    w.transport.answer = [](const auto&) { return answered(200); };
    std::vector<std::size_t> remaining;
    std::size_t queued = 0;
    do {
        const auto done = redeliver_dead(w);
        queued += done.queued;
        remaining.push_back(done.remaining);
        CHECK(done.skipped == 0);
        CHECK(w.due(w.clock.now()).empty());
    } while (remaining.back() > 0 && remaining.size() < 10);
    CHECK(remaining == std::vector<std::size_t>{1'300, 300, 0});
    CHECK(queued == dead);
    CHECK(redeliver_dead(w).queued == 0);
}

TEST_CASE("a filter takes the dead of one user, of one origin, or of both, and passes over the others")
{
    world w{few_attempts()};
    w.begin();
    w.start_users("a", 3, "http://one.test");
    w.start_users("b", 2, "http://two.test");
    let_die(w);
    w.start_users("a", 1, "http://one.test"); // a second session of a0, which is pending
    w.run(w.store->unregister_user("a2", w.clock.now()));
    sender::dead_filter filter;
    filter.origin = "http://nobody.test";
    CHECK(redeliver_dead(w, filter).queued == 0);
    filter.origin = "http://two.test";
    filter.user_id = "a1";
    CHECK(redeliver_dead(w, filter).queued == 0);
    filter.user_id = "b1";
    const auto one = redeliver_dead(w, filter);
    CHECK(one.queued == 1);
    CHECK(one.remaining == 0);
    CHECK(one.origins.size() == 1);
    filter.user_id.reset();
    filter.origin = "http://one.test";
    const auto rest = redeliver_dead(w, filter);
    CHECK(rest.queued == 2);
    CHECK(rest.skipped == 1); // unregistered
    CHECK(rest.remaining == 0);
}

TEST_CASE("by filter, what is too old is passed over")
{
    world w{few_attempts()};
    w.begin();
    w.start_users("old", 2);
    let_die(w);
    w.advance(7 * 24h);
    w.start_users("new", 1);
    let_die(w);
    const auto done = redeliver_dead(w);
    CHECK(done.queued == 1);
    CHECK(done.skipped == 2);
    CHECK(done.remaining == 0);
}

TEST_CASE("the newest 1,024 attempts of a delivery are kept, with their numbers")
{
    world w;
    w.start_users("user", 1);
    w.clock.at += 5s;
    const auto due = w.result_of(w.store->promote_due(w.clock.now(), 1)).made.at(0);
    for (unsigned number = 1; number <= 1'030; ++number) {
        outbox::conclusion ended;
        ended.id = due.id;
        ended.user_id = due.user_id;
        ended.registration = due.registration;
        ended.what = outbox::later{w.clock.now()};
        ended.made.emplace();
        ended.made->number = number;
        boost::asio::co_spawn(w.loop, w.store->record(ended), boost::asio::detached);
    }
    w.settle();
    const auto kept = numbers(w.newest_delivery("user0"));
    REQUIRE(kept.size() == 1'024);
    CHECK(kept.front() == 7);
    CHECK(kept.back() == 1'030);
    CHECK(std::is_sorted(kept.begin(), kept.end()));
    CHECK(w.due(w.clock.now()).at(0).attempts_made == 1'030);
}
