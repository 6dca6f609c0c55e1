#include "tests/catch.hpp"
#include "tests/unit/outbox/driven_origin.hpp"

using namespace std::chrono_literals;
using http::exchange_result;
using outbox::breaker_state;
using outbox::origin;
using test::answered_with;
using test::attempt;
using test::begin_attempts;
using test::end_attempts;
using test::failed_with;
using test::opened;
using test::start;

TEST_CASE("a new origin may have 4 attempts on the wire, or the limit when that is less")
{
    CHECK(origin{{}}.cap() == 4);
    CHECK(origin{{.in_flight_max = 3}}.cap() == 3);
    CHECK(origin{{.in_flight_max = 1}}.cap() == 1);
    CHECK_FALSE(origin{{}}.proven());
    origin stranger{{}};
    begin_attempts(stranger, 3);
    CHECK(stranger.admits(start));
    begin_attempts(stranger, 1);
    CHECK_FALSE(stranger.admits(start));
}

TEST_CASE("each success raises the cap by one while at least half of it is used, up to the limit")
{
    origin at{{.in_flight_max = 8}};
    begin_attempts(at, 4);
    end_attempts(at, answered_with(200), 1); // with 4 of 4
    CHECK(at.cap() == 5);
    end_attempts(at, answered_with(200), 1); // with 3 of 5
    CHECK(at.cap() == 6);
    begin_attempts(at, 1);
    end_attempts(at, answered_with(200), 1); // with 3 of 6: just half
    CHECK(at.cap() == 7);
    end_attempts(at, answered_with(200), 1); // with 2 of 7
    CHECK(at.cap() == 7);
    begin_attempts(at, 6);
    end_attempts(at, answered_with(204), 3);
    CHECK(at.cap() == 8);
}

TEST_CASE("what is no success raises no cap")
{
    const auto seen = GENERATE(
        answered_with(199), answered_with(302), answered_with(404), answered_with(410), answered_with(500),
        answered_with(503), failed_with(exchange_result::truncated), failed_with(exchange_result::malformed),
        failed_with(exchange_result::refused_address), failed_with(exchange_result::connect));
    origin at{{}};
    begin_attempts(at, 4);
    end_attempts(at, seen, 4);
    CHECK(at.cap() == 4);
}

TEST_CASE("each timeout halves the cap, and one attempt is always allowed")
{
    const auto kind = GENERATE(exchange_result::timeout, exchange_result::connect_timeout);
    origin at{{}};
    begin_attempts(at, 4);
    end_attempts(at, answered_with(200), 4);
    REQUIRE(at.cap() == 6);
    std::vector<std::size_t> caps;
    for (int i = 0; i < 4; ++i) {
        attempt(at, failed_with(kind));
        caps.push_back(at.cap());
    }
    CHECK(caps == std::vector<std::size_t>{3, 1, 1, 1});
    CHECK(at.admits(start));
}

TEST_CASE("Retry-After pauses an origin on 429 and 503 only, and for a minute at most")
{
    const auto status = GENERATE(429U, 503U);
    origin at{{}};
    attempt(at, answered_with(status, 7s));
    CHECK(at.blocked_until() == start + 7s);
    CHECK_FALSE(at.admits(start + 7s - 1ms));
    CHECK(at.admits(start + 7s));
    attempt(at, answered_with(status, 48h));
    CHECK(at.blocked_until() == start + 60s);
    attempt(at, answered_with(status, std::chrono::seconds::max()), start + 1s);
    CHECK(at.blocked_until() == start + 61s);
    attempt(at, answered_with(status, 2s), start + 2s);
    CHECK(at.blocked_until() == start + 61s); // what was asked for before holds
}

TEST_CASE("Retry-After on another status, or none, pauses nothing")
{
    const auto seen = GENERATE(answered_with(200, 7s), answered_with(301, 7s), answered_with(404, 7s),
                               answered_with(500, 7s), answered_with(502, 7s), answered_with(504, 7s),
                               answered_with(429), answered_with(503));
    origin at{{}};
    attempt(at, seen);
    CHECK(at.admits(start));
}

TEST_CASE("a clock that is set back prolongs no wait")
{
    auto at = opened();
    attempt(at, answered_with(503, 60s));
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
    attempt(at, answered_with(404));
    CHECK(at.proven());
    attempt(at, failed_with(exchange_result::truncated));
    CHECK_FALSE(at.proven());
    attempt(at, answered_with(200));
    CHECK(at.proven());
    attempt(at, answered_with(503));
    CHECK_FALSE(at.proven());
}

TEST_CASE("an origin with attempts, an open breaker, a rest or a pause is not forgotten")
{
    origin at{{}};
    CHECK(at.forgettable(start));
    at.attempt_begins();
    CHECK_FALSE(at.forgettable(start));
    at.attempt_ends(answered_with(503, 7s), start);
    CHECK_FALSE(at.forgettable(start + 7s - 1ms));
    CHECK(at.forgettable(start + 7s));
    for (unsigned failures = 1; failures < outbox::breaker_failures; ++failures)
        attempt(at, failed_with(exchange_result::dns));
    REQUIRE(at.breaker() == breaker_state::open);
    CHECK_FALSE(at.forgettable(start + 30s - 1ms));
    CHECK(at.forgettable(start + 30s));
    at.set_paused(true);
    CHECK_FALSE(at.forgettable(start + 30s));
}
