#include "common/webhook/verify.hpp"
#include "tests/catch.hpp"
#include "tests/unit/receiver/forwarding_world.hpp"

#include <set>

using test::event_body;
using test::forwarding_world;
using namespace std::chrono_literals;

namespace {

// The signature headers of what was posted, as a receiver reads them.
webhook::signature_headers headers_of(const http::outgoing& message)
{
    webhook::signature_headers found;
    for (const auto& [name, value] : message.headers) {
        if (name == "X-Signature")
            found.seed_signature.push_back(value);
        else if (name == "X-Signature-Timestamp")
            found.seed_timestamp.push_back(value);
        else if (name == "webhook-id")
            found.standard_id.push_back(value);
        else if (name == "webhook-timestamp")
            found.standard_timestamp.push_back(value);
        else if (name == "webhook-signature")
            found.standard_signature.push_back(value);
    }
    return found;
}

} // namespace

TEST_CASE("an accepted event is forwarded at once: its own bytes, signed with the time of the attempt")
{
    forwarding_world w;
    w.begin();
    const auto body = event_body("alice", "wr_1") + " ";
    w.clock.at += 1min;
    CHECK(w.post(body, "evt_wr_1_active").status == 200);
    w.settle();
    REQUIRE(w.transport.posted.size() == 1);
    const auto& posted = w.transport.posted.front();
    CHECK(posted.url == test::app_url);
    CHECK(posted.body == body);
    auto keys = *webhook::secrets::parse(test::receiver_secret);
    const webhook::verify_policy exactly_now{.required = webhook::required_scheme::standard, .skew_max = 0s};
    const auto verified = webhook::verify(keys, exactly_now, headers_of(posted), posted.body, w.clock.now());
    REQUIRE(verified.has_value());
    CHECK(verified->event.idempotency_key == "evt_wr_1_active");
    CHECK(verified->how.seed_secret);
}

TEST_CASE("an event is accepted until the app has answered, and processed from then on, with its attempt")
{
    forwarding_world w;
    w.begin();
    w.transport.holding = true;
    w.receive("alice", "wr_1");
    w.settle();
    CHECK(w.status_of("1") == "accepted");
    w.clock.at += 25ms;
    w.transport.release();
    w.settle();
    const auto event = w.get_json("/user-app/events/1");
    CHECK(event.at("status") == "processed");
    CHECK(event.at("attempts") == 1);
    CHECK(event.at("nextAttemptAt").is_null());
    CHECK(event.at("finishedAt") == "2026-01-02T03:04:05.703Z");
    REQUIRE(event.at("attemptLog").as_array().size() == 1);
    const auto& attempt = event.at("attemptLog").at(0);
    CHECK(attempt.at("startedAt") == "2026-01-02T03:04:05.678Z");
    CHECK(attempt.at("durationMs") == 25);
    CHECK(attempt.at("status") == 200);
    CHECK(attempt.at("callbackUrl").as_string() == test::app_url);
}

TEST_CASE("a duplicate is not forwarded again")
{
    forwarding_world w;
    w.begin();
    w.receive("alice", "wr_1");
    w.receive("alice", "wr_1");
    w.settle();
    CHECK(w.transport.posted.size() == 1);
}

TEST_CASE("what the app does not take is tried again by the retry plan, and every attempt is listed")
{
    forwarding_world w;
    w.begin();
    w.app_answers(500);
    w.receive("alice", "wr_1");
    w.settle();
    auto event = w.get_json("/user-app/events/1");
    CHECK(event.at("status") == "accepted");
    CHECK(event.at("nextAttemptAt") == "2026-01-02T03:04:06.678Z"); // jitter 1.0 of a second
    w.app_answers(204);
    w.advance(999ms);
    CHECK(w.transport.posted.size() == 1);
    w.advance(1ms);
    event = w.get_json("/user-app/events/1");
    CHECK(event.at("status") == "processed");
    REQUIRE(event.at("attemptLog").as_array().size() == 2);
    CHECK(event.at("attemptLog").at(0).at("status") == 500);
    CHECK(event.at("attemptLog").at(1).at("status") == 204);
}

TEST_CASE("a 410 of the app, or the last attempt, makes an event dead, with the reason")
{
    outbox::dispatch_settings settings;
    settings.retry.attempts_max = 2;
    forwarding_world w{settings};
    w.begin();
    w.app_answers(410);
    w.receive("alice", "wr_1");
    w.settle();
    w.app_answers(500);
    w.receive("alice", "wr_2");
    w.settle();
    w.advance(1s);
    CHECK(w.get_json("/user-app/events/1").at("reason") == "gone");
    CHECK(w.get_json("/user-app/events/2").at("reason") == "attempts_exhausted");
    const auto dead = w.get_json("/user-app/events?status=dead").at("items").as_array();
    REQUIRE(dead.size() == 2);
    CHECK(dead[0].at("id") == "2");
    CHECK(dead[1].at("id") == "1");
    CHECK(w.get_json("/user-app/inbox/alice").as_array().size() == 2); // the inbox has them all the same
}

TEST_CASE("what was accepted before a restart, and what was on the wire, is forwarded after it")
{
    forwarding_world w; // its dispatcher has not begun: as after a crash, only the database knows
    for (const auto* const session : {"wr_1", "wr_2", "wr_3"})
        w.result_of(w.store->accept([&] {
            receiver::incoming event;
            event.event = webhook::make_ready_event("alice", session, w.clock.now());
            event.received_at = w.clock.now();
            event.body = session;
            return event;
        }()));
    w.begin();
    REQUIRE(w.transport.posted.size() == 3);
    CHECK(w.transport.posted[0].body == "wr_1");
    CHECK(w.get_json("/user-app/events?status=accepted").at("items").as_array().empty());
}

TEST_CASE("an app that is down for an hour misses nothing")
{
    constexpr std::size_t events = 300;
    forwarding_world w;
    w.begin();
    w.transport.answer = [](const http::outgoing&) {
        http::exchange refused;
        refused.result = http::exchange_result::connect;
        refused.error = "connection refused";
        return refused;
    };
    for (std::size_t i = 0; i < events; ++i) {
        w.receive("alice", "wr_" + std::to_string(i));
        w.advance(12s);
    }
    const auto tried = w.transport.posted.size();
    CHECK(tried < events); // the breaker holds them back, which costs no attempt
    w.app_answers(200);
    for (int minutes = 0; minutes < 180; ++minutes)
        w.advance(1min);
    std::set<std::string> arrived;
    for (auto one = w.transport.posted.begin() + static_cast<std::ptrdiff_t>(tried);
         one != w.transport.posted.end(); ++one)
        arrived.insert(one->body);
    CHECK(arrived.size() == events);
    CHECK(w.get_json("/user-app/events?status=accepted").at("items").as_array().empty());
    CHECK(w.get_json("/user-app/events?status=dead").at("items").as_array().empty());
}
