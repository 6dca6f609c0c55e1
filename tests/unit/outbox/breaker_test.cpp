#include "tests/catch.hpp"
#include "tests/unit/outbox/driven_origin.hpp"

using namespace std::chrono_literals;
using http::exchange_result;
using outbox::breaker_state;
using outbox::instant;
using outbox::origin;
using test::answered_with;
using test::attempt;
using test::begin_attempts;
using test::end_attempts;
using test::failed_with;
using test::opened;
using test::start;

TEST_CASE("ten failures in a row of the named kinds open the breaker, and the tenth does")
{
    const auto seen =
        GENERATE(failed_with(exchange_result::dns), failed_with(exchange_result::connect),
                 failed_with(exchange_result::tls), failed_with(exchange_result::connect_timeout),
                 failed_with(exchange_result::timeout), answered_with(429), answered_with(502),
                 answered_with(503), answered_with(504));
    origin at{{}};
    for (int i = 0; i < 9; ++i)
        attempt(at, seen);
    CHECK(at.breaker() == breaker_state::closed);
    CHECK(at.admits(start));
    attempt(at, seen);
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
        attempt(at, seen);
    CHECK(at.breaker() == breaker_state::closed);
    for (int i = 0; i < 9; ++i)
        attempt(at, failed_with(exchange_result::tls));
    attempt(at, seen);
    CHECK(at.failures_in_row() == 0);
    for (int i = 0; i < 9; ++i)
        attempt(at, answered_with(502));
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
    begin_attempts(at, 4);
    for (int i = 0; i < 60; ++i) {
        while (at.admits(start))
            at.attempt_begins();
        end_attempts(at, answered_with(200), 1);
    }
    REQUIRE(at.cap() == 64);
    end_attempts(at, failed_with(exchange_result::connect), at.in_flight());
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
        attempt(at, failed_with(exchange_result::connect));
    begin_attempts(at, 4);
    for (int i = 0; i < 4; ++i)
        attempt(at, failed_with(exchange_result::connect)); // these open it
    REQUIRE(at.breaker() == breaker_state::open);
    CHECK_FALSE(at.admits(start + 30s)); // four are on the wire still
    end_attempts(at, failed_with(exchange_result::timeout), 4, start + 15s);
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
        attempt(slow, failed_with(exchange_result::connect));
    REQUIRE(slow.breaker() == breaker_state::open);
    slow.attempt_ends(answered_with(200), start + 1s);
    CHECK(slow.breaker() == breaker_state::closed);
    CHECK(slow.admits(start + 1s));
}

TEST_CASE("an open breaker under a longer pause is probed after the pause")
{
    origin at{{}};
    for (int i = 0; i < 10; ++i)
        attempt(at, answered_with(503, 60s));
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

TEST_CASE("the words for the states of a breaker")
{
    CHECK(to_string(breaker_state::closed) == "closed");
    CHECK(to_string(breaker_state::open) == "open");
    CHECK(to_string(breaker_state::half_open) == "half_open");
}
