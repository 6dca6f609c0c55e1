#include "common/outbox/retry.hpp"
#include "tests/catch.hpp"

using namespace std::chrono_literals;
using http::exchange_result;
using outbox::dead;
using outbox::dead_reason;
using outbox::delivered;
using outbox::later;
using outbox::outcome;
using outbox::verdict;

namespace {

const outbox::instant ready_at{1'700'000'000'000ms};
const outbox::instant now = ready_at + 10s;
const outbox::retry_policy policy; // the defaults: 1 s doubling to 6 h, 20 attempts, 72 h

outcome answered(unsigned status, std::optional<std::chrono::seconds> retry_after = std::nullopt)
{
    return {.result = exchange_result::answered, .status = status, .retry_after = retry_after};
}

outcome failed(exchange_result result)
{
    return {.result = result, .status = 0, .retry_after = std::nullopt};
}

verdict plan(const outcome& seen, unsigned attempt = 1, double jitter = 1.0)
{
    return outbox::plan(policy, seen, attempt, ready_at, now, jitter);
}

} // namespace

TEST_CASE("every 2xx delivers, on any attempt")
{
    const auto status = GENERATE(200U, 201U, 202U, 204U, 299U);
    CHECK(plan(answered(status)) == verdict{delivered{}});
    CHECK(plan(answered(status), policy.attempts_max) == verdict{delivered{}});
}

TEST_CASE("every other status but 410 is retried")
{
    const auto status = GENERATE(199U, 300U, 301U, 302U, 304U, 307U, 400U, 401U, 403U, 404U, 408U, 409U, 411U,
                                 429U, 499U, 500U, 502U, 503U, 504U, 599U);
    CHECK(plan(answered(status)) == verdict{later{now + 1s}});
}

TEST_CASE("410 is final")
{
    CHECK(plan(answered(410)) == verdict{dead{dead_reason::gone}});
}

TEST_CASE("a refused address is final")
{
    CHECK(plan(failed(exchange_result::refused_address)) == verdict{dead{dead_reason::refused_address}});
}

TEST_CASE("every failure of the network is retried")
{
    const auto result = GENERATE(exchange_result::dns, exchange_result::connect, exchange_result::tls,
                                 exchange_result::connect_timeout, exchange_result::timeout,
                                 exchange_result::truncated, exchange_result::malformed);
    CHECK(plan(failed(result)) == verdict{later{now + 1s}});
}

TEST_CASE("the wait doubles with each attempt, up to the maximum")
{
    CHECK(plan(answered(500), 1) == verdict{later{now + 1s}});
    CHECK(plan(answered(500), 2) == verdict{later{now + 2s}});
    CHECK(plan(answered(500), 3) == verdict{later{now + 4s}});
    CHECK(plan(answered(500), 15) == verdict{later{now + 16384s}});
    CHECK(plan(answered(500), 16) == verdict{later{now + 6h}});
    CHECK(plan(answered(500), 19) == verdict{later{now + 6h}});
}

TEST_CASE("a base above the maximum waits the maximum")
{
    const outbox::retry_policy odd{.base = 10s, .max = 3s, .attempts_max = 5, .age_max = 72h};
    CHECK(outbox::plan(odd, answered(500), 1, ready_at, now, 1.0) == verdict{later{now + 3s}});
}

TEST_CASE("jitter multiplies the wait")
{
    CHECK(plan(answered(500), 2, outbox::jitter_min) == verdict{later{now + 1600ms}});
    CHECK(plan(answered(500), 2, outbox::jitter_max) == verdict{later{now + 2400ms}});
    CHECK(plan(answered(500), 19, outbox::jitter_max) == verdict{later{now + 7h + 12min}});
}

TEST_CASE("Retry-After waits at least that long, and no longer than the maximum")
{
    CHECK(plan(answered(503, 0s)) == verdict{later{now + 1s}});
    CHECK(plan(answered(503, 7s)) == verdict{later{now + 7s}});
    CHECK(plan(answered(503, 48h)) == verdict{later{now + 6h}});
    CHECK(plan(answered(503, std::chrono::seconds::max())) == verdict{later{now + 6h}});
    CHECK(plan(answered(429, 7s), 5) == verdict{later{now + 16s}});
    CHECK(plan(answered(404, 7s)) == verdict{later{now + 7s}});
}

TEST_CASE("the last attempt that is allowed is the last")
{
    CHECK(plan(answered(500), 19) == verdict{later{now + 6h}});
    CHECK(plan(answered(500), 20) == verdict{dead{dead_reason::attempts_exhausted}});
    CHECK(plan(answered(500), 21) == verdict{dead{dead_reason::attempts_exhausted}});
    const outbox::retry_policy once{.base = 1s, .max = 1h, .attempts_max = 1, .age_max = 72h};
    CHECK(outbox::plan(once, answered(500), 1, ready_at, now, 1.0) ==
          verdict{dead{dead_reason::attempts_exhausted}});
}

TEST_CASE("no attempt is planned past the maximum age")
{
    const auto old = ready_at + 72h - 1s;
    CHECK(outbox::plan(policy, answered(500), 5, ready_at, old, 1.0) == verdict{later{ready_at + 72h}});
    CHECK(outbox::plan(policy, answered(500), 5, ready_at, ready_at + 72h, 1.0) ==
          verdict{dead{dead_reason::expired}});
    CHECK(outbox::plan(policy, answered(200), 5, ready_at, ready_at + 80h, 1.0) == verdict{delivered{}});
}

TEST_CASE("a delivery expires at its maximum age, to the millisecond")
{
    CHECK_FALSE(outbox::expired(policy, ready_at, ready_at + 72h - 1ms));
    CHECK(outbox::expired(policy, ready_at, ready_at + 72h));
    CHECK_FALSE(outbox::expired(policy, ready_at, ready_at - 1h));
}
