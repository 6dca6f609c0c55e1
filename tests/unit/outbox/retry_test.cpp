#include "common/outbox/retry.hpp"
#include "tests/catch.hpp"
#include "tests/unit/outbox/outcomes.hpp"

using namespace std::chrono_literals;
using http::exchange_result;
using outbox::dead;
using outbox::dead_reason;
using outbox::delivered;
using outbox::later;
using outbox::outcome;
using outbox::verdict;
using test::answered_with;
using test::failed_with;

namespace {

const outbox::instant ready_at{1'700'000'000'000ms};
const outbox::instant now = ready_at + 10s;
const outbox::retry_policy policy; // the defaults: 1 s doubling to 6 h, 20 attempts, 72 h

verdict plan(const outcome& seen, unsigned attempt = 1, double jitter = 1.0)
{
    return outbox::plan(policy, seen, attempt, ready_at, now, jitter);
}

} // namespace

TEST_CASE("every 2xx delivers, on any attempt")
{
    const auto status = GENERATE(200U, 201U, 202U, 204U, 299U);
    CHECK(plan(answered_with(status)) == verdict{delivered{}});
    CHECK(plan(answered_with(status), policy.attempts_max) == verdict{delivered{}});
}

TEST_CASE("every other status but 410 is retried")
{
    const auto status = GENERATE(199U, 300U, 301U, 302U, 304U, 307U, 400U, 401U, 403U, 404U, 408U, 409U, 411U,
                                 429U, 499U, 500U, 502U, 503U, 504U, 599U);
    CHECK(plan(answered_with(status)) == verdict{later{now + 1s}});
}

TEST_CASE("410 is final")
{
    CHECK(plan(answered_with(410)) == verdict{dead{dead_reason::gone}});
}

TEST_CASE("a refused address is final")
{
    CHECK(plan(failed_with(exchange_result::refused_address)) == verdict{dead{dead_reason::refused_address}});
}

TEST_CASE("every failure of the network is retried")
{
    const auto result = GENERATE(exchange_result::dns, exchange_result::connect, exchange_result::tls,
                                 exchange_result::connect_timeout, exchange_result::timeout,
                                 exchange_result::truncated, exchange_result::malformed);
    CHECK(plan(failed_with(result)) == verdict{later{now + 1s}});
}

TEST_CASE("every class of outcome has its verdict, on the first attempt, the last, and past the age")
{
    const verdict retried = later{now + 1s};
    const verdict used_up = dead{dead_reason::attempts_exhausted};
    const verdict too_old = dead{dead_reason::expired};
    struct row
    {
        outcome seen;
        verdict first;
        verdict last;
        verdict old;
    };
    const auto final_verdict = [](const outcome& seen, const verdict& what) {
        return row{seen, what, what, what};
    };
    std::vector<row> table{
        final_verdict(answered_with(200), delivered{}), final_verdict(answered_with(204), delivered{}),
        final_verdict(answered_with(299), delivered{}),
        final_verdict(answered_with(410), dead{dead_reason::gone}),
        final_verdict(failed_with(exchange_result::refused_address), dead{dead_reason::refused_address})};
    for (const unsigned status :
         {100U, 199U, 300U, 301U, 308U, 400U, 404U, 409U, 411U, 429U, 499U, 500U, 503U})
        table.push_back({answered_with(status), retried, used_up, too_old});
    for (const auto result : {exchange_result::dns, exchange_result::connect, exchange_result::tls,
                              exchange_result::connect_timeout, exchange_result::timeout,
                              exchange_result::truncated, exchange_result::malformed})
        table.push_back({failed_with(result), retried, used_up, too_old});
    for (const auto& each : table) {
        INFO(to_string(each.seen.result) << " " << each.seen.status);
        CHECK(plan(each.seen, 1) == each.first);
        CHECK(plan(each.seen, policy.attempts_max) == each.last);
        CHECK(outbox::plan(policy, each.seen, 1, ready_at, ready_at + policy.age_max, 1.0) == each.old);
    }
}

TEST_CASE("the wait doubles with each attempt, up to the maximum")
{
    std::vector<std::chrono::milliseconds> waits;
    for (unsigned attempt = 1; attempt < policy.attempts_max; ++attempt)
        waits.push_back(std::get<later>(plan(answered_with(500), attempt)).at - now);
    const std::vector<std::chrono::milliseconds> expected{
        1s, 2s, 4s, 8s, 16s, 32s, 64s, 128s, 256s, 512s, 1024s, 2048s, 4096s, 8192s, 16384s, 6h, 6h, 6h, 6h};
    CHECK(waits == expected);
    CHECK(plan(answered_with(500), policy.attempts_max) == verdict{dead{dead_reason::attempts_exhausted}});
}

TEST_CASE("with the default settings all the retries take 33 hours")
{
    std::chrono::milliseconds all{0};
    for (unsigned attempt = 1; attempt < policy.attempts_max; ++attempt)
        all += std::get<later>(plan(answered_with(500), attempt)).at - now;
    CHECK(std::chrono::round<std::chrono::hours>(all) == 33h);
}

TEST_CASE("no number of attempts overflows the wait")
{
    const outbox::retry_policy endless{.base = 1ms, .max = 168h, .attempts_max = 1'000, .age_max = 168h};
    const auto attempt = GENERATE(31U, 32U, 33U, 63U, 64U, 65U, 999U);
    CHECK(outbox::plan(endless, answered_with(500), attempt, now, now, 0.8) ==
          verdict{later{now + std::chrono::milliseconds(std::int64_t{168} * 3'600'000 * 8 / 10)}});
}

TEST_CASE("a base above the maximum waits the maximum")
{
    const outbox::retry_policy odd{.base = 10s, .max = 3s, .attempts_max = 5, .age_max = 72h};
    CHECK(outbox::plan(odd, answered_with(500), 1, ready_at, now, 1.0) == verdict{later{now + 3s}});
}

TEST_CASE("jitter multiplies the wait")
{
    CHECK(plan(answered_with(500), 2, outbox::jitter_min) == verdict{later{now + 1600ms}});
    CHECK(plan(answered_with(500), 2, outbox::jitter_max) == verdict{later{now + 2400ms}});
    CHECK(plan(answered_with(500), 19, outbox::jitter_max) == verdict{later{now + 7h + 12min}});
}

TEST_CASE("Retry-After waits at least that long, and no longer than the maximum")
{
    CHECK(plan(answered_with(503, 0s)) == verdict{later{now + 1s}});
    CHECK(plan(answered_with(503, 7s)) == verdict{later{now + 7s}});
    CHECK(plan(answered_with(503, 48h)) == verdict{later{now + 6h}});
    CHECK(plan(answered_with(503, std::chrono::seconds::max())) == verdict{later{now + 6h}});
    CHECK(plan(answered_with(429, 7s), 5) == verdict{later{now + 16s}});
    CHECK(plan(answered_with(404, 7s)) == verdict{later{now + 7s}});
}

TEST_CASE("the last attempt that is allowed is the last")
{
    CHECK(plan(answered_with(500), 19) == verdict{later{now + 6h}});
    CHECK(plan(answered_with(500), 20) == verdict{dead{dead_reason::attempts_exhausted}});
    CHECK(plan(answered_with(500), 21) == verdict{dead{dead_reason::attempts_exhausted}});
    const outbox::retry_policy once{.base = 1s, .max = 1h, .attempts_max = 1, .age_max = 72h};
    CHECK(outbox::plan(once, answered_with(500), 1, ready_at, now, 1.0) ==
          verdict{dead{dead_reason::attempts_exhausted}});
}

TEST_CASE("no attempt is planned past the maximum age")
{
    const auto old = ready_at + 72h - 1s;
    CHECK(outbox::plan(policy, answered_with(500), 5, ready_at, old, 1.0) == verdict{later{ready_at + 72h}});
    CHECK(outbox::plan(policy, answered_with(500), 5, ready_at, ready_at + 72h, 1.0) ==
          verdict{dead{dead_reason::expired}});
    CHECK(outbox::plan(policy, answered_with(200), 5, ready_at, ready_at + 80h, 1.0) == verdict{delivered{}});
}

TEST_CASE("a delivery expires at its maximum age, to the millisecond")
{
    CHECK_FALSE(outbox::expired(policy, ready_at, ready_at + 72h - 1ms));
    CHECK(outbox::expired(policy, ready_at, ready_at + 72h));
    CHECK_FALSE(outbox::expired(policy, ready_at, ready_at - 1h));
}
