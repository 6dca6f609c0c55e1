#include "tests/catch.hpp"
#include "tests/unit/sender/world.hpp"

using http::exchange_result;
using outbox::breaker_state;
using sender::delivery_status;
using test::answered;
using test::failed;
using test::world;
using namespace std::chrono_literals;

namespace {

const std::string dead = "http://dead.test";
const std::string live = "http://live.test";

// Nobody is there but at the one that lives.
void let_one_live(world& w)
{
    w.transport.answer = [](const auto& sent) {
        return sent.url.starts_with(live) ? answered(200) : failed(exchange_result::connect);
    };
}

std::size_t count(world& w, delivery_status status, const std::string& origin)
{
    sender::delivery_filter filter;
    filter.status = status;
    filter.origin = origin;
    filter.limit = 10'000;
    return w.result_of(w.store->deliveries(filter)).items.size();
}

http::exchange busy(const std::string& retry_after)
{
    auto seen = answered(503);
    seen.retry_after = retry_after;
    return seen;
}

} // namespace

TEST_CASE("a backlog for an origin that is dead delays nobody else and is not looked through")
{
    world w;
    let_one_live(w);
    w.begin();
    w.start_users("dead", 3'000, dead);
    w.start_users("live", 300, live);
    w.advance(5s);
    CHECK(count(w, delivery_status::delivered, live) == 300);
    CHECK(w.posted_to(live) == 300);
    CHECK(w.posted_to(dead) <= 10 + 3); // those that were on the wire with the tenth
    CHECK(w.store->claims < 40);
    CHECK(w.store->claimed < 1'000);
    const auto claims = w.store->claims;
    const auto claimed = w.store->claimed;
    constexpr unsigned probes = 20;
    for (unsigned probe = 0; probe < probes; ++probe)
        w.advance(30s);
    CHECK(w.store->claims - claims <= 2 * probes); // a probe each, of which one more is seen to be there
    CHECK(w.store->claimed - claimed <= 4 * std::size_t{probes});
    CHECK(count(w, delivery_status::pending, dead) == 3'000);
}

TEST_CASE("what was just promoted goes out without being looked for, once its origin is known to answer")
{
    world w;
    w.begin();
    w.make_ready("first");
    const auto claims = w.store->claims;
    w.start_users("user", 700); // more than one turn of promotion
    w.advance(5s);
    CHECK(w.transport.posted.size() == 701);
    CHECK(w.store->claims == claims);
}

TEST_CASE("ten failures hold back everything but a probe each half minute, and one answer lets all go")
{
    world w;
    let_one_live(w);
    w.begin();
    w.start_users("user", 50, dead);
    w.advance(5s);
    REQUIRE(w.report(dead).breaker == breaker_state::open);
    const auto before = w.transport.posted.size();
    for (int seconds = 0; seconds < 29; ++seconds)
        w.advance(1s);
    CHECK(w.transport.posted.size() == before);
    w.advance(1s);
    CHECK(w.transport.posted.size() == before + 1);
    for (int seconds = 0; seconds < 29; ++seconds)
        w.advance(1s);
    CHECK(w.transport.posted.size() == before + 1);
    w.transport.answer = [](const auto&) { return answered(200); };
    w.advance(1s);
    CHECK(w.report(dead).breaker == breaker_state::closed);
    w.advance(1min); // those that have failed wait for their next attempts
    CHECK(count(w, delivery_status::delivered, dead) == 50);
}

TEST_CASE("waiting for a breaker costs no attempt")
{
    outbox::dispatch_settings settings;
    settings.retry.attempts_max = 3;
    world w{settings};
    let_one_live(w);
    w.begin();
    w.start_users("user", 50, dead);
    w.advance(5s);
    for (int minutes = 0; minutes < 5; ++minutes)
        w.advance(1min);
    CHECK(count(w, delivery_status::pending, dead) >= 40);
    w.transport.answer = [](const auto&) { return answered(200); };
    for (int minutes = 0; minutes < 5; ++minutes)
        w.advance(1min);
    CHECK(count(w, delivery_status::delivered, dead) >= 40);
    CHECK(count(w, delivery_status::pending, dead) == 0);
}

TEST_CASE("while a probe is under way nothing else is sent there, however long it takes")
{
    world w;
    let_one_live(w);
    w.begin();
    w.start_users("user", 50, dead);
    w.advance(5s);
    w.transport.holding = true;
    const auto before = w.transport.posted.size();
    for (int times = 0; times < 10; ++times)
        w.advance(30s);
    CHECK(w.transport.posted.size() == before + 1);
    CHECK(w.report(dead).breaker == breaker_state::half_open);
    CHECK(w.report(dead).in_flight == 1);
    w.transport.release();
    w.settle();
    CHECK(w.report(dead).breaker == breaker_state::open);
    CHECK(w.transport.posted.size() == before + 1);
}

TEST_CASE("one user's failures stop nobody else at the same origin")
{
    world w;
    w.transport.answer = [](const auto& sent) {
        return answered(sent.url.find("bad") != std::string::npos ? 404 : 200);
    };
    w.begin();
    w.start_users("bad", 50, live);
    w.start_users("good", 50, live);
    w.advance(5s);
    CHECK(count(w, delivery_status::delivered, live) == 50);
    CHECK(w.report(live).breaker == breaker_state::closed);
}

TEST_CASE("Retry-After pauses the whole origin, and no other")
{
    world w;
    w.transport.answer = [](const auto& sent) {
        return sent.url.find("busy") != std::string::npos ? busy("7") : answered(200);
    };
    w.begin();
    w.start_users("busy", 1, live);
    w.advance(1s);
    w.start_users("other", 1, live);
    w.start_users("elsewhere", 1, "http://other.test");
    w.advance(4s);
    REQUIRE(w.posted_to(live) == 1);
    w.advance(1s);
    CHECK(w.posted_to("http://other.test") == 1);
    CHECK(w.posted_to(live) == 1);
    w.advance(5999ms);
    CHECK(w.posted_to(live) == 1);
    w.advance(1ms);
    CHECK(count(w, delivery_status::delivered, live) == 1);
}

TEST_CASE("an origin that asks for an hour is left alone for a minute, its delivery for the hour")
{
    world w;
    w.transport.answer = [](const auto& sent) {
        return sent.url.find("busy") != std::string::npos ? busy("3600") : answered(200);
    };
    w.begin();
    w.start_users("busy", 1, live);
    w.advance(5s);
    w.start_users("other", 1, live);
    w.advance(59s);
    CHECK(w.posted_to(live) == 1);
    w.advance(1s);
    CHECK(w.posted_to(live) == 2);
    w.advance(1h - 60s - 1ms);
    CHECK(w.posted_to(live) == 2);
    w.advance(1ms);
    CHECK(w.posted_to(live) == 3);
}

TEST_CASE("what is under way at a user's former origin neither hides nor repeats what is due at the new one")
{
    world w;
    w.transport.holding = true;
    w.begin();
    w.start_users("moved", 4, dead); // as many as a stranger may get at once
    w.advance(5s);
    REQUIRE(w.transport.under_way == 4);
    for (int i = 0; i < 4; ++i)
        w.register_user("moved" + std::to_string(i), live + "/moved");
    w.transport.holding = false; // for what begins from now on
    const auto claims = w.store->claims;
    w.start_users("user", 20, live);
    w.advance(5s);
    CHECK(w.posted_to(live) == 20);
    CHECK(count(w, delivery_status::delivered, live) == 20);
    CHECK(w.store->claims - claims < 20);
    w.transport.answer = [](const auto& sent) {
        return sent.url.starts_with(live) ? answered(200) : failed(exchange_result::timeout);
    };
    w.transport.release();
    w.settle();
    CHECK(count(w, delivery_status::delivered, live) == 24);
}
