#include "common/outbox/attempt.hpp"
#include "tests/catch.hpp"

using namespace std::chrono_literals;
using outbox::later;
using outbox::verdict;

namespace {

const outbox::instant now{1'700'000'000'250ms}; // 2023-11-14T22:13:20.250Z
const outbox::retry_policy policy;              // 1 s before the first retry, 6 h at most

http::exchange exchange_with(unsigned status, std::optional<std::string> retry_after)
{
    http::exchange seen;
    seen.status = status;
    seen.retry_after = std::move(retry_after);
    return seen;
}

// What the first attempt's header makes of the wait.
verdict planned(unsigned status, std::optional<std::string> retry_after)
{
    const auto seen = outbox::outcome_of(exchange_with(status, std::move(retry_after)), now);
    return outbox::plan(policy, seen, 1, now - 1s, now, 1.0);
}

} // namespace

TEST_CASE("a Retry-After as it came raises the wait up to the maximum, and never lowers it")
{
    struct row
    {
        std::optional<std::string> header;
        std::chrono::milliseconds wait;
    };
    const auto status = GENERATE(301U, 404U, 429U, 500U, 503U);
    const std::vector<row> table{
        {std::nullopt, 1s},
        {"0", 1s},
        {"1", 1s},
        {"7", 7s},
        {"0007", 7s},
        {"21600", 6h},
        {"21601", 6h},
        {"9999999999", 6h},
        {"99999999999999999999999999", 6h},
        {"Tue, 14 Nov 2023 22:13:27 GMT", 7s}, // 6.75 s from now, in whole seconds
        {"Tue, 14 Nov 2023 22:13:20 GMT", 1s}, // a quarter of a second ago
        {"Sun, 06 Nov 1994 08:49:37 GMT", 1s},
        {"Fri, 31 Dec 9999 23:59:59 GMT", 6h},
        {"", 1s},
        {"-7", 1s},
        {"+7", 1s},
        {"7.5", 1s},
        {"7, 7", 1s},
        {"7s", 1s},
        {"soon", 1s},
        {"Tue, 14 Nov 2023 22:13:27", 1s},
        {"Tue, 32 Nov 2023 22:13:27 GMT", 1s},
        {"Tuesday, 14-Nov-23 22:13:27 GMT", 1s},
    };
    for (const auto& each : table) {
        INFO(status << " Retry-After: " << each.header.value_or("(none)"));
        CHECK(planned(status, each.header) == verdict{later{now + each.wait}});
    }
}

TEST_CASE("a Retry-After neither saves what is gone nor delays what is delivered")
{
    CHECK(planned(200, "7") == verdict{outbox::delivered{}});
    CHECK(planned(410, "7") == verdict{outbox::dead{outbox::dead_reason::gone}});
}

TEST_CASE("a Retry-After past the greatest age ends there")
{
    const auto seen = outbox::outcome_of(exchange_with(503, "7200"), now);
    CHECK(outbox::plan(policy, seen, 1, now - 71h, now, 1.0) == verdict{later{now + 1h}});
}

TEST_CASE("an attempt is kept with its number in all, how long it took and what came back")
{
    outbox::delivery due;
    due.attempts_made = 25;
    due.attempts_before = 20;
    due.callback_url = "http://app.test/hook";
    auto seen = exchange_with(503, "7");
    seen.body = "busy";
    const auto kept = outbox::describe_attempt(due, seen, now, now + 30ms);
    CHECK(kept.number == 26);
    CHECK(kept.started_at == now);
    CHECK(kept.duration == 30ms);
    CHECK(kept.callback_url == "http://app.test/hook");
    CHECK(kept.result == "answered");
    CHECK(kept.status == 503);
    CHECK(kept.response == "busy");
    CHECK(outbox::describe_attempt(due, seen, now, now - 1h).duration == 0ms); // the clock was set back
}
