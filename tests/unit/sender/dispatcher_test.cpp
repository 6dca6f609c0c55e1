#include "common/webhook/signature.hpp"
#include "tests/catch.hpp"
#include "tests/unit/sender/world.hpp"

using sender::delivery_status;
using test::answered;
using test::world;
using namespace std::chrono_literals;

namespace {

delivery_status status_of(world& w, const std::string& user)
{
    return w.newest_delivery(user).summary.status;
}

std::string header_of(const http::outgoing& message, std::string_view name)
{
    for (const auto& header : message.headers)
        if (header.name == name)
            return header.value;
    return {};
}

} // namespace

TEST_CASE("a user's webhook is sent at READY, signed, and only then")
{
    world w;
    w.begin();
    w.register_user("alice");
    w.start_user("alice");
    w.advance(4999ms);
    CHECK(w.transport.posted.empty());
    w.advance(1ms);
    REQUIRE(w.transport.posted.size() == 1);
    CHECK(status_of(w, "alice") == delivery_status::delivered);
    const auto& sent = w.transport.posted[0];
    CHECK(sent.url == "http://app.test/hook");
    auto keys = *webhook::secrets::parse("a-secret-of-the-test");
    const auto again = webhook::sign(keys, header_of(sent, "webhook-id"), w.clock.now(), sent.body);
    CHECK(header_of(sent, "webhook-signature") == again.standard);
    CHECK(header_of(sent, "X-Signature") == again.seed);
    CHECK(header_of(sent, "webhook-timestamp") == again.timestamp);
    CHECK(header_of(sent, "X-Signature-Timestamp") == again.timestamp);
}

TEST_CASE("a failed attempt is repeated after its wait with the same bytes and a fresh signature")
{
    world w;
    w.transport.answer = [](const auto&) { return answered(500); };
    w.begin();
    w.make_ready("alice");
    REQUIRE(w.transport.posted.size() == 1);
    CHECK(status_of(w, "alice") == delivery_status::pending);
    w.advance(999ms); // the test's jitter is 1.0
    CHECK(w.transport.posted.size() == 1);
    w.transport.answer = [](const auto&) { return answered(200); };
    w.advance(1ms);
    REQUIRE(w.transport.posted.size() == 2);
    CHECK(w.transport.posted[1].body == w.transport.posted[0].body);
    CHECK(header_of(w.transport.posted[1], "webhook-id") == header_of(w.transport.posted[0], "webhook-id"));
    CHECK(header_of(w.transport.posted[1], "webhook-timestamp") !=
          header_of(w.transport.posted[0], "webhook-timestamp"));
    CHECK(w.newest_delivery("alice").attempts.size() == 2);
}

TEST_CASE("a delivery is dead after its last attempt, and is not tried again")
{
    outbox::dispatch_settings settings;
    settings.retry.attempts_max = 3;
    world w{settings};
    w.transport.answer = [](const auto&) { return answered(500); };
    w.begin();
    w.register_user("alice");
    w.start_user("alice");
    for (int i = 0; i < 100; ++i)
        w.advance(1min);
    CHECK(w.transport.posted.size() == 3);
    CHECK(w.newest_delivery("alice").summary.reason == "attempts_exhausted");
}

TEST_CASE("what was pending before a restart is delivered after it")
{
    world w;
    w.register_user("alice");
    w.start_user("alice");
    w.clock.at += 5s;
    w.result_of(w.store->promote_due(w.clock.now(), 500)); // and then the process died before the dispatch
    CHECK(w.transport.posted.empty());
    w.begin();
    CHECK(w.transport.posted.size() == 1);
    CHECK(status_of(w, "alice") == delivery_status::delivered);
}

TEST_CASE("who became due while the service was down is promoted at its start")
{
    world w;
    w.register_user("alice");
    w.start_user("alice");
    w.clock.at += 1h;
    w.begin();
    CHECK(status_of(w, "alice") == delivery_status::delivered);
}

TEST_CASE("no more attempts run at once than there are slots, and all are made")
{
    outbox::dispatch_settings settings;
    settings.in_flight_max = 3;
    world w{settings};
    w.begin();
    w.make_ready("first"); // so that the origin is known to answer
    w.transport.holding = true;
    for (int i = 0; i < 10; ++i) {
        w.register_user("user" + std::to_string(i));
        w.start_user("user" + std::to_string(i));
    }
    w.advance(5s);
    CHECK(w.transport.under_way == 3);
    for (int i = 0; i < 10; ++i) {
        w.transport.release();
        w.settle();
    }
    CHECK(w.transport.under_way_max == 3);
    CHECK(w.transport.posted.size() == 11);
}

TEST_CASE("what is in flight is not sent a second time, however long it takes")
{
    world w;
    w.transport.holding = true;
    w.begin();
    w.make_ready("alice");
    for (int i = 0; i < 10; ++i)
        w.advance(30s);
    CHECK(w.transport.posted.size() == 1);
    w.transport.release();
    w.settle();
    CHECK(status_of(w, "alice") == delivery_status::delivered);
}

TEST_CASE("registering again while an attempt is in flight repeats what failed at the new URL at once")
{
    world w;
    w.transport.holding = true;
    w.transport.answer = [](const auto& sent) {
        return answered(sent.url == "http://new.test/" ? 200 : 500);
    };
    w.begin();
    w.make_ready("alice");
    w.register_user("alice", "http://new.test/");
    w.transport.holding = false;
    w.transport.release();
    w.settle();
    REQUIRE(w.transport.posted.size() == 2);
    CHECK(w.transport.posted[1].url == "http://new.test/");
    CHECK(status_of(w, "alice") == delivery_status::delivered);
}

TEST_CASE("a queued delivery goes to the URL that is registered when its attempt begins")
{
    outbox::dispatch_settings settings;
    settings.in_flight_max = 1;
    world w{settings};
    w.transport.holding = true;
    w.begin();
    for (const auto* user : {"first", "second"}) {
        w.register_user(user, std::string("http://old.test/") + user);
        w.start_user(user);
    }
    w.advance(5s);
    REQUIRE(w.transport.posted.size() == 1);
    const std::string waiting = w.transport.posted[0].url.ends_with("first") ? "second" : "first";
    w.register_user(waiting, "http://new.test/");
    w.transport.holding = false;
    w.transport.release();
    w.settle();
    REQUIRE(w.transport.posted.size() == 2);
    CHECK(w.transport.posted[1].url == "http://new.test/");
}

TEST_CASE("a delivery that is too old expires without another attempt")
{
    world w;
    w.transport.answer = [](const auto&) { return answered(500); };
    w.begin();
    w.make_ready("alice");
    w.advance(72h);
    CHECK(w.transport.posted.size() == 1);
    CHECK(w.newest_delivery("alice").summary.reason == "expired");
}

TEST_CASE("410 ends the registration, and what else was pending of that user")
{
    world w;
    w.transport.answer = [](const auto&) { return answered(410); };
    w.begin();
    w.make_ready("alice");
    CHECK_FALSE(w.status("alice").registered);
    CHECK(w.newest_delivery("alice").summary.reason == "gone");
}

TEST_CASE("a backlog beyond the dispatcher's queue is delivered to the last one")
{
    constexpr int users = static_cast<int>(outbox::queue_max) + 700;
    world w;
    w.start_users("user", users);
    w.clock.at += 5s;
    w.begin();
    CHECK(w.transport.posted.size() == users);
    CHECK(w.due(w.clock.now() + 1h).empty());
}

TEST_CASE("a stop begins no attempt, and waits for those on the wire and their outcomes")
{
    world w;
    w.transport.holding = true;
    w.begin();
    w.make_ready("alice");
    w.dispatcher.begin_stop();
    w.transport.release();
    w.settle();
    CHECK(w.result_of(w.dispatcher.drain(0ms)));
    CHECK(status_of(w, "alice") == delivery_status::delivered);
    w.start_user("alice");
    w.advance(1h);
    CHECK(w.transport.posted.size() == 1);
}

TEST_CASE("an attempt that outlives the grace of a stop is not recorded, so that it is repeated")
{
    world w;
    w.transport.holding = true;
    w.begin();
    w.make_ready("alice");
    w.dispatcher.begin_stop();
    bool drained = true;
    boost::asio::co_spawn(w.loop, w.dispatcher.drain(1ms),
                          [&](const std::exception_ptr&, bool empty) { drained = empty; });
    w.loop.restart();
    w.loop.run_for(100ms);
    CHECK_FALSE(drained);
    w.transport.release();
    w.settle();
    CHECK(status_of(w, "alice") == delivery_status::pending);
    CHECK(w.newest_delivery("alice").attempts.empty());
}
