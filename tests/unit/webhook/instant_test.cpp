#include "common/webhook/instant.hpp"
#include "tests/catch.hpp"

using namespace std::chrono_literals;
using webhook::instant;

namespace {

constexpr instant at_millis(std::int64_t millis)
{
    return instant{std::chrono::milliseconds{millis}};
}

} // namespace

TEST_CASE("an instant is shown in UTC, with and without milliseconds")
{
    CHECK(webhook::to_iso8601_seconds(at_millis(1'766'579'696'789)) == "2025-12-24T12:34:56Z");
    CHECK(webhook::to_iso8601_millis(at_millis(1'766'579'696'789)) == "2025-12-24T12:34:56.789Z");
    CHECK(webhook::to_iso8601_millis(at_millis(7)) == "1970-01-01T00:00:00.007Z");
    CHECK(webhook::to_iso8601_millis(at_millis(253'402'300'799'999)) == "9999-12-31T23:59:59.999Z");
}

TEST_CASE("seconds since the epoch are rounded down")
{
    CHECK(webhook::epoch_seconds(at_millis(1'999)) == 1s);
    CHECK(webhook::epoch_seconds(at_millis(2'000)) == 2s);
    CHECK(webhook::epoch_seconds(at_millis(-1)) == -1s);
}

TEST_CASE("what is shown of an instant reads back as the same instant")
{
    const auto millis = GENERATE(std::int64_t{0}, 1, 999, 86'399'999, 951'782'400'000, 1'766'579'696'789,
                                 4'102'444'800'010, 253'402'300'799'999);
    CHECK(webhook::parse_iso8601(webhook::to_iso8601_millis(at_millis(millis))) == at_millis(millis));
    CHECK(webhook::parse_iso8601(webhook::to_iso8601_seconds(at_millis(millis))) ==
          at_millis(millis / 1'000 * 1'000));
}

TEST_CASE("ISO 8601 is read with up to nine digits of fraction, cut to milliseconds")
{
    CHECK(webhook::parse_iso8601("1970-01-01T00:00:00Z") == at_millis(0));
    CHECK(webhook::parse_iso8601("1970-01-01T00:00:01.5Z") == at_millis(1'500));
    CHECK(webhook::parse_iso8601("1970-01-01T00:00:01.0009Z") == at_millis(1'000));
    CHECK(webhook::parse_iso8601("1970-01-01T00:00:01.123999999Z") == at_millis(1'123));
    CHECK(webhook::parse_iso8601("2024-02-29T23:59:59Z") == at_millis(1'709'251'199'000));
}

TEST_CASE("a text that is not ISO 8601 in UTC, or an impossible time, is not read")
{
    const std::string text = GENERATE(
        as<std::string>{}, // the first few: shape
        "", "Z", "2025-12-24", "2025-12-24T12:34Z", "2025-12-24T12:34:56", "2025-12-24 12:34:56Z",
        "2025-12-24T12:34:56z", "2025-12-24t12:34:56Z", "2025-12-24T12:34:56+00:00", "2025-12-24T12:34:56.Z",
        "2025-12-24T12:34:56,5Z", "2025-12-24T12:34:56.1234567890Z", "2025-12-24T12:34:56.-1Z",
        "2025-12-24T12:34:56.1 Z", "12025-12-24T12:34:56Z", "+025-12-24T12:34:56Z", " 2025-12-24T12:34:56Z",
        "2025-12-24T12:34:56Z ", "2025-12-24T12:34:56ZZ", "20251224T123456Z",
        // possible shape, impossible time
        "2025-00-24T12:34:56Z", "2025-13-24T12:34:56Z", "2025-12-00T12:34:56Z", "2025-11-31T12:34:56Z",
        "2025-02-29T12:34:56Z", "2025-12-24T24:00:00Z", "2025-12-24T12:60:00Z", "2016-12-31T23:59:60Z",
        "1969-12-31T23:59:59Z");
    CAPTURE(text);
    CHECK_FALSE(webhook::parse_iso8601(text).has_value());
}

TEST_CASE("a number of epoch seconds is read exactly, and cut to milliseconds")
{
    CHECK(webhook::parse_epoch_number("0") == at_millis(0));
    CHECK(webhook::parse_epoch_number("1795452968") == at_millis(1'795'452'968'000));
    CHECK(webhook::parse_epoch_number("1795452968.441928715") == at_millis(1'795'452'968'441));
    CHECK(webhook::parse_epoch_number("1795452968.441000000") ==
          at_millis(1'795'452'968'441)); // no double has it
    CHECK(webhook::parse_epoch_number("0.0019") == at_millis(1));
    CHECK(webhook::parse_epoch_number("1.795452968441928715E9") == at_millis(1'795'452'968'441));
    CHECK(webhook::parse_epoch_number("17e+8") == at_millis(1'700'000'000'000));
    CHECK(webhook::parse_epoch_number("1700000000001e-3") == at_millis(1'700'000'000'001));
    CHECK(webhook::parse_epoch_number("5E-400") == at_millis(0));
    CHECK(webhook::parse_epoch_number("0E400") == at_millis(0));
    CHECK(webhook::parse_epoch_number("253402300799.9999") == at_millis(253'402'300'799'999));
}

TEST_CASE("a number that is negative, after the year 9999 or without end is not read")
{
    const std::string text = GENERATE(
        as<std::string>{}, "-1", "-0.5", "253402300800", "1766579696789", "18446744073709551616", "1E400",
        "1E401", "1E99999999999", "1E-99999999999", "1e-2147483648", "1e", "1e+", "1e+-1", "1e1x", "", ".",
        "e1", "1.2.3", "NaN", "123456789012345678901234567890123456789012345678901234567890");
    CAPTURE(text);
    CHECK_FALSE(webhook::parse_epoch_number(text).has_value());
}
