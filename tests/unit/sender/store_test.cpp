#include "tests/catch.hpp"
#include "tests/unit/sender/world.hpp"

using outbox::dead;
using outbox::dead_reason;
using outbox::delivered;
using outbox::later;
using sender::delivery_status;
using test::world;
using namespace std::chrono_literals;

namespace {

sender::room_schedule schedule_at(sender::instant now)
{
    return sender::schedule_from(now, {});
}

// A registered user's delivery, made and read by promote_due().
sender::delivery ready_delivery(world& w, const std::string& user = "alice")
{
    w.result_of(w.store->register_user(user, "http://app.test/hook", "http://app.test", w.clock.now()));
    w.result_of(w.store->start(user, "wr_" + user, schedule_at(w.clock.now())));
    w.clock.at += 5s;
    return w.result_of(w.store->promote_due(w.clock.now(), 500)).made.at(0);
}

outbox::conclusion conclusion_of(const world& w, const sender::delivery& due, outbox::verdict what)
{
    outbox::conclusion ended;
    ended.id = due.id;
    ended.user_id = due.user_id;
    ended.registration = due.registration;
    ended.since = due.since;
    ended.what = what;
    ended.at = w.clock.now();
    ended.made = sender::attempt{.number = due.attempts_made + 1,
                                 .started_at = w.clock.now(),
                                 .duration = 3ms,
                                 .callback_url = due.callback_url,
                                 .result = "answered",
                                 .status = 500,
                                 .error = "",
                                 .response = "no"};
    return ended;
}

} // namespace

TEST_CASE("a user who was neither registered nor started has no status")
{
    world w;
    CHECK_FALSE(w.result_of(w.store->status("nobody")));
}

TEST_CASE("a registered user who was not started has no session")
{
    world w;
    w.register_user("alice");
    const auto status = w.status("alice");
    CHECK(status.registered);
    CHECK_FALSE(status.session_id);
    CHECK_FALSE(status.notification);
}

TEST_CASE("a start while a session runs answers that session")
{
    world w;
    const auto first = w.result_of(w.store->start("alice", "wr_1", schedule_at(w.clock.now())));
    const auto second = w.result_of(w.store->start("alice", "wr_2", schedule_at(w.clock.now() + 1s)));
    CHECK(first.began);
    CHECK_FALSE(second.began);
    CHECK(second.session_id == "wr_1");
    CHECK(second.schedule.ready_at == first.schedule.ready_at);
}

TEST_CASE("a start after READY begins a new session, which notifies again")
{
    world w;
    ready_delivery(w);
    const auto second = w.result_of(w.store->start("alice", "wr_2", schedule_at(w.clock.now())));
    CHECK(second.began);
    CHECK(second.session_id == "wr_2");
    w.clock.at += 5s;
    const auto turn = w.result_of(w.store->promote_due(w.clock.now(), 500));
    REQUIRE(turn.made.size() == 1);
    CHECK(turn.made[0].idempotency_key == "evt_wr_2_active");
    sender::delivery_filter filter;
    filter.user_id = "alice";
    CHECK(w.result_of(w.store->deliveries(filter)).items.size() == 2);
}

TEST_CASE("a session is promoted at its time and not a millisecond before")
{
    world w;
    w.register_user("alice");
    w.result_of(w.store->start("alice", "wr_1", schedule_at(w.clock.now())));
    w.clock.at += 4999ms;
    const auto early = w.result_of(w.store->promote_due(w.clock.now(), 500));
    CHECK(early.users == 0);
    CHECK(early.next_ready_at == w.clock.now() + 1ms);
    w.clock.at += 1ms;
    const auto turn = w.result_of(w.store->promote_due(w.clock.now(), 500));
    CHECK(turn.users == 1);
    REQUIRE(turn.made.size() == 1);
    CHECK(turn.made[0].body.find("\"sessionId\":\"wr_1\"") != std::string::npos);
    CHECK_FALSE(turn.next_ready_at);
}

TEST_CASE("a turn promotes no more than its limit, the longest overdue first")
{
    world w;
    for (int i = 0; i < 5; ++i)
        w.result_of(w.store->start("user" + std::to_string(i), "wr_" + std::to_string(i),
                                   schedule_at(w.clock.now() - std::chrono::seconds{i})));
    w.clock.at += 1h;
    CHECK(w.result_of(w.store->promote_due(w.clock.now(), 3)).users == 3);
    CHECK(w.status("user4").became_ready_at);
    CHECK_FALSE(w.status("user0").became_ready_at);
    CHECK(w.result_of(w.store->promote_due(w.clock.now(), 3)).users == 2);
}

TEST_CASE("READY without a registration makes no delivery, then or later")
{
    world w;
    w.result_of(w.store->start("alice", "wr_1", schedule_at(w.clock.now())));
    w.clock.at += 5s;
    const auto turn = w.result_of(w.store->promote_due(w.clock.now(), 500));
    CHECK(turn.users == 1);
    CHECK(turn.made.empty());
    CHECK(w.status("alice").became_ready_at == w.clock.now());
    w.register_user("alice");
    CHECK_FALSE(w.status("alice").notification);
    CHECK(w.due(w.clock.now() + 1h).empty());
}

TEST_CASE("a delivery that succeeded is delivered and no longer due")
{
    world w;
    const auto due = ready_delivery(w);
    w.result_of(w.store->record(conclusion_of(w, due, delivered{})));
    const auto kept = w.newest_delivery("alice");
    CHECK(kept.summary.status == delivery_status::delivered);
    CHECK(kept.summary.attempts == 1);
    CHECK(kept.summary.finished_at == w.clock.now());
    CHECK(kept.body == due.body);
    REQUIRE(kept.attempts.size() == 1);
    CHECK(kept.attempts[0].response == "no");
    CHECK(w.due(w.clock.now() + 1h).empty());
}

TEST_CASE("a delivery to retry is due at its time, with the attempts made so far")
{
    world w;
    const auto due = ready_delivery(w);
    w.result_of(w.store->record(conclusion_of(w, due, later{w.clock.now() + 10s})));
    CHECK(w.due(w.clock.now() + 9999ms).empty());
    CHECK(w.result_of(w.store->claim({{due.origin, 100}}, w.clock.now())).at(0).next_due_at ==
          w.clock.now() + 10s);
    const auto claimed = w.due(w.clock.now() + 10s);
    REQUIRE(claimed.size() == 1);
    CHECK(claimed[0].attempts_made == 1);
    CHECK(claimed[0].body == due.body);
    CHECK(claimed[0].idempotency_key == due.idempotency_key);
    CHECK(claimed[0].since == due.since);
}

TEST_CASE("registering again makes a pending delivery due at once, at the new URL")
{
    world w;
    const auto due = ready_delivery(w);
    w.result_of(w.store->record(conclusion_of(w, due, later{w.clock.now() + 1h})));
    w.result_of(w.store->register_user("alice", "http://new.test/", "http://new.test", w.clock.now()));
    const auto claimed = w.due(w.clock.now());
    REQUIRE(claimed.size() == 1);
    CHECK(claimed[0].callback_url == "http://new.test/");
    CHECK(w.newest_delivery("alice").summary.origin == "http://new.test");
}

TEST_CASE("unregistering makes a pending delivery dead, and a finished one stays as it is")
{
    world w;
    const auto first = ready_delivery(w);
    w.result_of(w.store->record(conclusion_of(w, first, delivered{})));
    w.result_of(w.store->start("alice", "wr_2", schedule_at(w.clock.now())));
    w.clock.at += 5s;
    w.result_of(w.store->promote_due(w.clock.now(), 500));
    w.run(w.store->unregister_user("alice", w.clock.now()));
    sender::delivery_filter filter;
    filter.user_id = "alice";
    const auto page = w.result_of(w.store->deliveries(filter));
    REQUIRE(page.items.size() == 2);
    CHECK(page.items[0].status == delivery_status::dead);
    CHECK(page.items[0].reason == "unregistered");
    CHECK(page.items[1].status == delivery_status::delivered);
    CHECK_FALSE(w.status("alice").registered);
}

TEST_CASE("unregistering a user who was never started forgets them")
{
    world w;
    w.register_user("alice");
    w.run(w.store->unregister_user("alice", w.clock.now()));
    w.run(w.store->unregister_user("nobody", w.clock.now()));
    CHECK_FALSE(w.result_of(w.store->status("alice")));
}

TEST_CASE("an attempt that fails after the user unregistered leaves the delivery dead")
{
    world w;
    const auto due = ready_delivery(w);
    w.run(w.store->unregister_user("alice", w.clock.now()));
    w.result_of(w.store->record(conclusion_of(w, due, later{w.clock.now() + 1s})));
    const auto kept = w.newest_delivery("alice");
    CHECK(kept.summary.status == delivery_status::dead);
    CHECK(kept.summary.reason == "unregistered");
    CHECK(kept.attempts.size() == 1);
}

TEST_CASE("an attempt that succeeds after the user unregistered was delivered")
{
    world w;
    const auto due = ready_delivery(w);
    w.run(w.store->unregister_user("alice", w.clock.now()));
    w.result_of(w.store->record(conclusion_of(w, due, delivered{})));
    const auto kept = w.newest_delivery("alice");
    CHECK(kept.summary.status == delivery_status::delivered);
    CHECK_FALSE(kept.summary.reason);
}

TEST_CASE("what failed at a URL that was replaced meanwhile is due at once at the new one")
{
    const auto reason = GENERATE(dead_reason::gone, dead_reason::refused_address);
    world w;
    const auto due = ready_delivery(w);
    w.result_of(w.store->register_user("alice", "http://new.test/", "http://new.test", w.clock.now()));
    w.result_of(w.store->record(conclusion_of(w, due, dead{reason})));
    const auto claimed = w.due(w.clock.now());
    REQUIRE(claimed.size() == 1);
    CHECK(claimed[0].callback_url == "http://new.test/");
    CHECK(claimed[0].attempts_made == 1);
    CHECK(w.status("alice").registered);
}

TEST_CASE("a delivery that used up its attempts is dead even if the URL was replaced meanwhile")
{
    world w;
    const auto due = ready_delivery(w);
    w.result_of(w.store->register_user("alice", "http://new.test/", "http://new.test", w.clock.now()));
    w.result_of(w.store->record(conclusion_of(w, due, dead{dead_reason::attempts_exhausted})));
    CHECK(w.newest_delivery("alice").summary.status == delivery_status::dead);
}

TEST_CASE("gone removes the registration that it was read from")
{
    world w;
    const auto due = ready_delivery(w);
    w.result_of(w.store->record(conclusion_of(w, due, dead{dead_reason::gone})));
    CHECK_FALSE(w.status("alice").registered);
    CHECK(w.newest_delivery("alice").summary.reason == "gone");
}
