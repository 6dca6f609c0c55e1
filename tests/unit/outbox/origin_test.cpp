#include "common/outbox/origin.hpp"
#include "tests/catch.hpp"
#include "tests/unit/outbox/outcomes.hpp"

using namespace std::chrono_literals;
using http::exchange_result;
using outbox::breaker_state;
using outbox::instant;
using outbox::origin;
using outbox::origin_limits;
using outbox::outcome;
using test::answered_with;
using test::failed_with;

namespace {

const instant start{1'700'000'000'000ms};

void begin(origin& at, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
        at.attempt_begins();
}

void end(origin& at, const outcome& seen, std::size_t count, instant now = start)
{
    for (std::size_t i = 0; i < count; ++i)
        at.attempt_ends(seen, now);
}

void one(origin& at, const outcome& seen, instant now = start)
{
    at.attempt_begins();
    at.attempt_ends(seen, now);
}

origin opened(const origin_limits& limits = {}, instant at = start)
{
    origin broken{limits};
    for (unsigned i = 0; i < outbox::breaker_failures; ++i)
        one(broken, failed_with(exchange_result::connect), at);
    return broken;
}

} // namespace

TEST_CASE("a new origin may have 4 attempts on the wire, or the limit when that is less")
{
    CHECK(origin{{}}.cap() == 4);
    CHECK(origin{{.in_flight_max = 3}}.cap() == 3);
    CHECK(origin{{.in_flight_max = 1}}.cap() == 1);
    CHECK_FALSE(origin{{}}.proven());
    origin stranger{{}};
    begin(stranger, 3);
    CHECK(stranger.admits(start));
    begin(stranger, 1);
    CHECK_FALSE(stranger.admits(start));
}

TEST_CASE("each success raises the cap by one while at least half of it is used, up to the limit")
{
    origin at{{.in_flight_max = 8}};
    begin(at, 4);
    end(at, answered_with(200), 1); // with 4 of 4
    CHECK(at.cap() == 5);
    end(at, answered_with(200), 1); // with 3 of 5
    CHECK(at.cap() == 6);
    begin(at, 1);
    end(at, answered_with(200), 1); // with 3 of 6: just half
    CHECK(at.cap() == 7);
    end(at, answered_with(200), 1); // with 2 of 7
    CHECK(at.cap() == 7);
    begin(at, 6);
    end(at, answered_with(204), 3);
    CHECK(at.cap() == 8);
}

TEST_CASE("what is no success raises no cap")
{
    const auto seen = GENERATE(
        answered_with(199), answered_with(302), answered_with(404), answered_with(410), answered_with(500),
        answered_with(503), failed_with(exchange_result::truncated), failed_with(exchange_result::malformed),
        failed_with(exchange_result::refused_address), failed_with(exchange_result::connect));
    origin at{{}};
    begin(at, 4);
    end(at, seen, 4);
    CHECK(at.cap() == 4);
}

TEST_CASE("each timeout halves the cap, and one attempt is always allowed")
{
    const auto kind = GENERATE(exchange_result::timeout, exchange_result::connect_timeout);
    origin at{{}};
    begin(at, 4);
    end(at, answered_with(200), 4);
    REQUIRE(at.cap() == 6);
    std::vector<std::size_t> caps;
    for (int i = 0; i < 4; ++i) {
        one(at, failed_with(kind));
        caps.push_back(at.cap());
    }
    CHECK(caps == std::vector<std::size_t>{3, 1, 1, 1});
    CHECK(at.admits(start));
}

TEST_CASE("ten failures in a row of the named kinds open the breaker, and the tenth does")
{
    const auto seen =
        GENERATE(failed_with(exchange_result::dns), failed_with(exchange_result::connect),
                 failed_with(exchange_result::tls), failed_with(exchange_result::connect_timeout),
                 failed_with(exchange_result::timeout), answered_with(429), answered_with(502),
                 answered_with(503), answered_with(504));
    origin at{{}};
    for (int i = 0; i < 9; ++i)
        one(at, seen);
    CHECK(at.breaker() == breaker_state::closed);
    CHECK(at.admits(start));
    one(at, seen);
    CHECK(at.breaker() == breaker_state::open);
    CHECK_FALSE(at.admits(start));
    CHECK(at.blocked_until() == start + 30s);
}

TEST_CASE("other outcomes never open the breaker, and one of them interrupts the row")
{
    const auto seen =
        GENERATE(answered_with(200), answered_with(301), answered_with(400), answered_with(404),
                 answered_with(408), answered_with(410), answered_with(500), answered_with(501),
                 answered_with(505), failed_with(exchange_result::truncated),
                 failed_with(exchange_result::malformed), failed_with(exchange_result::refused_address));
    origin at{{}};
    for (int i = 0; i < 50; ++i)
        one(at, seen);
    CHECK(at.breaker() == breaker_state::closed);
    for (int i = 0; i < 9; ++i)
        one(at, failed_with(exchange_result::tls));
    one(at, seen);
    CHECK(at.failures_in_row() == 0);
    for (int i = 0; i < 9; ++i)
        one(at, answered_with(502));
    CHECK(at.breaker() == breaker_state::closed);
}

TEST_CASE("an open breaker lets one probe through at its time, and no second one beside it")
{
    auto at = opened();
    CHECK_FALSE(at.admits(start + 30s - 1ms));
    REQUIRE(at.admits(start + 30s));
    at.attempt_begins();
    CHECK(at.breaker() == breaker_state::half_open);
    CHECK_FALSE(at.admits(start + 30s));
    CHECK_FALSE(at.admits(start + 48h));
    CHECK(at.blocked_until() == instant::max());
}

TEST_CASE("a probe that fails keeps the breaker open until the next, however often")
{
    auto at = opened();
    auto now = start;
    for (int i = 0; i < 5; ++i) {
        now += 30s;
        REQUIRE(at.admits(now));
        at.attempt_begins();
        now += 15s;
        at.attempt_ends(failed_with(exchange_result::timeout), now);
        CHECK(at.breaker() == breaker_state::open);
        CHECK(at.blocked_until() == now + 30s);
    }
    CHECK(at.failures_in_row() == 15);
}

TEST_CASE("a probe that is answered closes the breaker, and the origin is met as a stranger who answers")
{
    const auto status = GENERATE(200U, 404U, 410U, 500U);
    auto at = opened();
    at.attempt_begins();
    at.attempt_ends(answered_with(status), start + 30s);
    CHECK(at.breaker() == breaker_state::closed);
    CHECK(at.failures_in_row() == 0);
    CHECK(at.proven());
    CHECK(at.cap() >= 4);
    CHECK(at.cap() <= 5);
    CHECK(at.admits(start + 30s));
}

TEST_CASE("a large cap does not survive the opening of the breaker")
{
    origin at{{}};
    begin(at, 4);
    for (int i = 0; i < 60; ++i) {
        while (at.admits(start))
            at.attempt_begins();
        end(at, answered_with(200), 1);
    }
    REQUIRE(at.cap() == 64);
    end(at, failed_with(exchange_result::connect), at.in_flight());
    CHECK(at.breaker() == breaker_state::open);
    CHECK(at.cap() == 4);
}

TEST_CASE("the time between probes is the operator's when that is shorter")
{
    auto at = opened({.in_flight_max = 64, .probe_every = 1s});
    CHECK_FALSE(at.admits(start + 999ms));
    CHECK(at.admits(start + 1s));
}

TEST_CASE("what was under way when the breaker opened neither prolongs it nor runs beside a probe")
{
    origin at{{}};
    for (int i = 0; i < 6; ++i)
        one(at, failed_with(exchange_result::connect));
    begin(at, 4);
    for (int i = 0; i < 4; ++i)
        one(at, failed_with(exchange_result::connect)); // these open it
    REQUIRE(at.breaker() == breaker_state::open);
    CHECK_FALSE(at.admits(start + 30s)); // four are on the wire still
    end(at, failed_with(exchange_result::timeout), 4, start + 15s);
    CHECK(at.blocked_until() == start + 30s);
    CHECK(at.admits(start + 30s));
}

TEST_CASE("what was under way when the breaker opened and is answered closes it")
{
    auto at = opened();
    CHECK(at.in_flight() == 0);
    origin slow{{}};
    slow.attempt_begins();
    for (int i = 0; i < 10; ++i)
        one(slow, failed_with(exchange_result::connect));
    REQUIRE(slow.breaker() == breaker_state::open);
    slow.attempt_ends(answered_with(200), start + 1s);
    CHECK(slow.breaker() == breaker_state::closed);
    CHECK(slow.admits(start + 1s));
}

TEST_CASE("Retry-After pauses an origin on 429 and 503 only, and for a minute at most")
{
    const auto status = GENERATE(429U, 503U);
    origin at{{}};
    one(at, answered_with(status, 7s));
    CHECK(at.blocked_until() == start + 7s);
    CHECK_FALSE(at.admits(start + 7s - 1ms));
    CHECK(at.admits(start + 7s));
    one(at, answered_with(status, 48h));
    CHECK(at.blocked_until() == start + 60s);
    one(at, answered_with(status, std::chrono::seconds::max()), start + 1s);
    CHECK(at.blocked_until() == start + 61s);
    one(at, answered_with(status, 2s), start + 2s);
    CHECK(at.blocked_until() == start + 61s); // what was asked for before holds
}

TEST_CASE("Retry-After on another status, or none, pauses nothing")
{
    const auto seen = GENERATE(answered_with(200, 7s), answered_with(301, 7s), answered_with(404, 7s),
                               answered_with(500, 7s), answered_with(502, 7s), answered_with(504, 7s),
                               answered_with(429), answered_with(503));
    origin at{{}};
    one(at, seen);
    CHECK(at.admits(start));
}

TEST_CASE("an open breaker under a longer pause is probed after the pause")
{
    origin at{{}};
    for (int i = 0; i < 10; ++i)
        one(at, answered_with(503, 60s));
    REQUIRE(at.breaker() == breaker_state::open);
    CHECK_FALSE(at.admits(start + 59s));
    CHECK(at.admits(start + 60s));
}

TEST_CASE("an operator's pause holds everything, probes too, until it is lifted")
{
    auto at = opened();
    at.set_paused(true);
    CHECK(at.paused());
    CHECK_FALSE(at.admits(start + 48h));
    CHECK(at.blocked_until() == instant::max());
    at.set_paused(false);
    CHECK(at.admits(start + 48h));
    CHECK_FALSE(at.admits(start + 29s)); // the breaker is as it was
}

TEST_CASE("a clock that is set back prolongs no wait")
{
    auto at = opened();
    one(at, answered_with(503, 60s));
    const auto before = start - 24h;
    at.clock_set_back(before);
    CHECK(at.blocked_until() <= before + 60s);
    CHECK(at.admits(before + 60s));
    auto quiet = opened({}, start);
    quiet.clock_set_back(start - 1ms); // it could have begun then
    CHECK(quiet.blocked_until() == start - 1ms + 30s);
}

TEST_CASE("an origin is proven while its last attempt was answered")
{
    origin at{{}};
    one(at, answered_with(404));
    CHECK(at.proven());
    one(at, failed_with(exchange_result::truncated));
    CHECK_FALSE(at.proven());
    one(at, answered_with(200));
    CHECK(at.proven());
    one(at, answered_with(503));
    CHECK_FALSE(at.proven());
}

TEST_CASE("an origin with attempts, failures or a pause is not forgotten")
{
    origin at{{}};
    CHECK(at.forgettable());
    at.attempt_begins();
    CHECK_FALSE(at.forgettable());
    at.attempt_ends(failed_with(exchange_result::dns), start);
    CHECK_FALSE(at.forgettable());
    one(at, answered_with(200));
    CHECK(at.forgettable());
    at.set_paused(true);
    CHECK_FALSE(at.forgettable());
}

TEST_CASE("the words for the states of a breaker")
{
    CHECK(to_string(breaker_state::closed) == "closed");
    CHECK(to_string(breaker_state::open) == "open");
    CHECK(to_string(breaker_state::half_open) == "half_open");
}
