#include "common/runtime/log.hpp"
#include "tests/catch.hpp"
#include "tests/support/fixed_clock.hpp"

#include <limits>
#include <string>

namespace {

using runtime::log_field;
using runtime::log_format;
using runtime::log_level;

std::string logged(log_format format, std::string_view event, runtime::log_fields fields)
{
    const test::fixed_clock clock;
    std::string out;
    runtime::log log(clock, log_level::debug, format, [&](std::string_view line) { out += line; });
    log.warn(event, fields);
    return out;
}

std::string json_value(std::string_view text)
{
    const auto line = logged(log_format::json, "e", {{"v", text}});
    const std::string before = R"({"time":"2026-01-02T03:04:05.678Z","level":"warn","event":"e","v":)";
    REQUIRE(line.substr(0, before.size()) == before);
    REQUIRE(line.substr(line.size() - 2) == "}\n");
    return line.substr(before.size(), line.size() - before.size() - 2);
}

std::string text_value(std::string_view text)
{
    const auto line = logged(log_format::text, "e", {{"v", text}});
    const std::string before = "2026-01-02T03:04:05.678Z WARN  e v=";
    REQUIRE(line.substr(0, before.size()) == before);
    REQUIRE(line.back() == '\n');
    return line.substr(before.size(), line.size() - before.size() - 1);
}

} // namespace

TEST_CASE("a text line has time, level, event and its fields, quoted where they must be")
{
    CHECK(logged(log_format::text, "user_ready", {{"user", "alice"}, {"note", "two words"}, {"empty", ""}}) ==
          "2026-01-02T03:04:05.678Z WARN  user_ready user=alice note=\"two words\" empty=\"\"\n");
}

TEST_CASE("a JSON line has numbers and truths as they are")
{
    CHECK(
        logged(
            log_format::json, "started",
            {{"port", 8080}, {"ratio", 0.5}, {"tls", true}, {"big", std::int64_t{-9'007'199'254'740'993}}}) ==
        "{\"time\":\"2026-01-02T03:04:05.678Z\",\"level\":\"warn\",\"event\":\"started\",\"port\":8080,"
        "\"ratio\":0.5,\"tls\":true,\"big\":-9007199254740993}\n");
}

TEST_CASE("a number that JSON does not have is null")
{
    const auto line =
        logged(log_format::json, "e", {log_field("v", std::numeric_limits<double>::infinity())});
    CHECK(line.find("\"v\":null}") != std::string::npos);
}

TEST_CASE("no value can start a line, leave its quotes or drive a terminal")
{
    CHECK(json_value("a\nb\r\t\"\\") == R"("a\nb\r\t\"\\")");
    CHECK(text_value("a\nb\r\t\"\\") == R"("a\nb\r\t\"\\")");
    CHECK(json_value(std::string_view("\x1b[31m\0\x7f", 7)) == R"("\u001b[31m\u0000\u007f")");
    CHECK(text_value("\x1b[31m") == R"("\u001b[31m")");
    CHECK(json_value("\xc2\x85\xe2\x80\xa8\xe2\x80\xa9") == R"("\u0085\u2028\u2029")");
    CHECK(text_value("a=b") == R"("a=b")");
}

TEST_CASE("valid UTF-8 passes and every byte of invalid UTF-8 is replaced")
{
    const std::string mark = "\xef\xbf\xbd";
    CHECK(json_value("h\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80") ==
          "\"h\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80\"");
    CHECK(json_value("a\xff") == "\"a" + mark + "\"");
    CHECK(json_value("\xc0\xaf") == "\"" + mark + mark + "\"");                       // overlong
    CHECK(json_value("\xe0\x80\x80") == "\"" + mark + mark + mark + "\"");            // overlong
    CHECK(json_value("\xed\xa0\x80") == "\"" + mark + mark + mark + "\"");            // surrogate
    CHECK(json_value("\xf4\x90\x80\x80") == "\"" + mark + mark + mark + mark + "\""); // above U+10FFFF
    CHECK(json_value("\xe2\x82") == "\"" + mark + mark + "\"");                       // cut short
    CHECK(json_value("\xe2\x82x") == "\"" + mark + mark + "x\"");
    CHECK(text_value("a\xff") == R"("a\xff")");
}

TEST_CASE("a long value is cut between two characters")
{
    const auto limit = runtime::log_value_bytes_max;
    CHECK(json_value(std::string(limit, 'a')) == '"' + std::string(limit, 'a') + '"');
    CHECK(json_value(std::string(limit + 1, 'a')) == '"' + std::string(limit, 'a') + "\xe2\x80\xa6\"");
    CHECK(json_value(std::string(limit - 1, 'a') + "\xe2\x82\xac") ==
          '"' + std::string(limit - 1, 'a') + "\xe2\x80\xa6\"");
}

TEST_CASE("events below the threshold are not written")
{
    const test::fixed_clock clock;
    std::string out;
    runtime::log log(clock, log_level::warn, log_format::text, [&](std::string_view line) { out += line; });
    log.debug("one");
    log.info("two");
    CHECK(out.empty());
    log.warn("three");
    log.error("four");
    CHECK(out == "2026-01-02T03:04:05.678Z WARN  three\n2026-01-02T03:04:05.678Z ERROR four\n");
}
