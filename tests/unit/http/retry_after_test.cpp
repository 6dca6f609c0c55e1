#include "common/http/retry_after.hpp"
#include "tests/catch.hpp"

using namespace std::chrono_literals;

namespace {

const webhook::instant now{std::chrono::sys_days{std::chrono::year{2025} / 12 / 24} + 12h}; // a Wednesday

} // namespace

TEST_CASE("Retry-After is read as seconds")
{
    CHECK(http::parse_retry_after("0", now) == 0s);
    CHECK(http::parse_retry_after("120", now) == 120s);
    CHECK(http::parse_retry_after("007", now) == 7s);
}

TEST_CASE("Retry-After beyond ten digits counts as the largest of ten")
{
    CHECK(http::parse_retry_after("9999999999", now) == 9'999'999'999s);
    CHECK(http::parse_retry_after("10000000000", now) == 9'999'999'999s);
    CHECK(http::parse_retry_after(std::string(500, '9'), now) == 9'999'999'999s);
}

TEST_CASE("Retry-After is read as a date")
{
    CHECK(http::parse_retry_after("Wed, 24 Dec 2025 12:00:07 GMT", now) == 7s);
    CHECK(http::parse_retry_after("Thu, 25 Dec 2025 12:00:00 GMT", now) == 24h);
    CHECK(http::parse_retry_after("Wed, 24 Dec 2025 12:00:01 GMT", now + 500ms) == 1s);
}

TEST_CASE("a Retry-After date in the past is no wait")
{
    CHECK(http::parse_retry_after("Wed, 24 Dec 2025 11:59:59 GMT", now) == 0s);
    CHECK(http::parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", now) == 0s);
}

TEST_CASE("a Retry-After that is neither is passed over")
{
    const auto* const text = GENERATE(
        "", " ", "-1", "+1", "1.5", "1 ", "0x10", "soon", "Wed, 24 Dec 2025 12:00:07", "2025-12-24T12:00:07Z",
        "Wed, 31 Feb 2025 12:00:07 GMT", "Wed, 24 Dec 2025 24:00:07 GMT", "Wed, 24 Dec 2025 12:60:07 GMT",
        "Xyz, 24 Dec 2025 12:00:07 GMT", "Wed, 24 Xyz 2025 12:00:07 GMT", "Wed, 24 Dec 2o25 12:00:07 GMT",
        "Wednesday, 24-Dec-25 12:00:07 GMT");
    CAPTURE(text);
    CHECK_FALSE(http::parse_retry_after(text, now));
}
