#include "bench/comparison.hpp"
#include "bench/message_size.hpp"
#include "bench/options.hpp"
#include "bench/programs.hpp"
#include "bench/report.hpp"
#include "tests/catch.hpp"

#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

bench::options read(std::initializer_list<const char*> words)
{
    std::vector<const char*> all{"flow"};
    all.insert(all.end(), words);
    return bench::read_options(static_cast<int>(all.size()), all.data());
}

// What is said of the options; nothing when they are taken.
std::string refusal(std::initializer_list<const char*> words)
{
    try {
        read(words);
        return {};
    }
    catch (const std::invalid_argument& refused) {
        return refused.what();
    }
}

bench::comparison compared(std::initializer_list<const char*> words)
{
    std::vector<const char*> all{"compare"};
    all.insert(all.end(), words);
    return bench::read_comparison(static_cast<int>(all.size()), all.data());
}

} // namespace

TEST_CASE("a percentile is a value that was seen, whatever the order of its coming")
{
    bench::samples times;
    CHECK(times.percentile_ms(0.5) == 0);
    for (const int ms : {9, 1, 4, 10, 2, 7, 3, 8, 6, 5})
        times.add(std::int64_t{ms} * 1'000'000);
    CHECK(times.percentile_ms(0.5) == 5);
    CHECK(times.percentile_ms(0.9) == 9);
    CHECK(times.percentile_ms(0.91) == 10);
    CHECK(times.percentile_ms(1) == 10);
    CHECK(times.percentile_ms(0) == 1);
}

TEST_CASE("the median of an even number is the mean of the two middle ones")
{
    CHECK(bench::median({4}) == 4);
    CHECK(bench::median({9, 1, 2}) == 2);
    CHECK(bench::median({9, 1}) == 5);
    CHECK(bench::median({8, 100, 1, 2}) == 5);
}

TEST_CASE("a message's size is its head's and its Content-Length's")
{
    CHECK(bench::message_size("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n") == 0);
    CHECK(bench::message_size("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n") == 39 + 12);
    CHECK(bench::message_size("HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1") == 27);
    CHECK(bench::message_size("") == 0);
}

TEST_CASE("a webhook's key is that of its header webhook-id")
{
    CHECK(bench::webhook_id("POST / HTTP/1.1\r\nwebhook-id: abc\r\nHost: x\r\n\r\n") == "abc");
    CHECK(bench::webhook_id("POST / HTTP/1.1\r\nx-webhook-id: abc\r\n\r\n").empty());
}

TEST_CASE("a report tells the same figures as text and as JSON, there with the units in the keys")
{
    bench::report told;
    told.section("flow", "about it");
    told.add("events per second", 12345.678, "1/s", 1);
    told.add("seconds", 2.5, {}, 1);
    told.add("mode", std::string("pair"));
    told.section("machine");
    told.add("debt", -1234567.0);
    CHECK(told.json() == R"({"flow":{"events per second [1/s]":1.2345678E4,"seconds":2.5E0,"mode":"pair"},)"
                         R"("machine":{"debt":-1.234567E6}})"
                         "\n");
    const auto text = told.text();
    CHECK(text.find("flow: about it\n") == 0);
    CHECK(text.find(" 12,345.7 1/s\n") != std::string::npos);
    CHECK(text.find(" -1,234,567 \n") != std::string::npos);
}

TEST_CASE("the number of events suits the mode")
{
    CHECK(read({}).events == 100'000);
    CHECK(read({"--receiver"}).events == 200'000);
    CHECK(read({"--rate", "500"}).events == 10'000);
    CHECK(read({"--rate", "500", "--events", "7"}).events == 7);
    CHECK(read({"--rate", "2", "--connections", "8"}).events == 40);
    CHECK(read({"--events", "10000000"}).events == 10'000'000);
}

TEST_CASE("a number that is none, or absurd, is refused with the range")
{
    CHECK(refusal({"--events", "0"}) == "--events wants a whole number from 1 to 10,000,000, not 0");
    CHECK(refusal({"--machine", "nan"}) == "--machine wants a number from 0 to 60, not nan");
    const std::string_view name =
        GENERATE("--events", "--connections", "--rate", "--aged", "--backlog", "--limit", "--starts",
                 "--machine", "--waiting", "--origins", "--failing", "--on-its-way");
    CAPTURE(name);
    for (const char* const value :
         {"-7", "7x", "x", "nan", "inf", "1e99", "99999999", "18446744073709551617"}) {
        CAPTURE(value);
        CHECK(refusal({name.data(), value}).find(std::string(name) + " wants a") == 0);
    }
}

TEST_CASE("options that do not go together are refused")
{
    CHECK(refusal({"--events"}) == "--events wants a value");
    CHECK(refusal({"--folder", ""}) == "--folder wants a value");
    CHECK(refusal({"--receivers"}).find("unknown option --receivers") == 0);
    CHECK_FALSE(refusal({"--receiver", "--rate", "5"}).empty());
    CHECK_FALSE(refusal({"--receiver", "--sink"}).empty());
    CHECK_FALSE(refusal({"--sink", "--receiver"}).empty());
    CHECK_FALSE(refusal({"--rate", "2"}).empty());
    CHECK_FALSE(refusal({"--origins", "2"}).empty());
    CHECK_FALSE(refusal({"--receiver", "--origins", "2"}).empty());
    CHECK(refusal({"--sink", "--origins", "2"}).empty());
    CHECK_FALSE(refusal({"--receiver", "--backlog", "1"}).empty());
    CHECK_FALSE(refusal({"--receiver", "--waiting", "1"}).empty());
    CHECK_FALSE(refusal({"--receiver", "--failing", "0.1"}).empty());
    CHECK_FALSE(refusal({"--failing", "1"}).empty());
    CHECK_FALSE(refusal({"--failing", "0.96", "--events", "10"}).empty()); // rounded: all ten
    CHECK(refusal({"--failing", "0.94", "--events", "10"}).empty());
    CHECK(refusal({"--rate", "500", "--events", "60001"}) ==
          "60,001 events at 500 a second take 121 s, more than --limit, which is 120 s");
    CHECK(refusal({"--rate", "500", "--events", "60000"}).empty());
    CHECK(refusal({"--rate", "500", "--events", "60001", "--limit", "121"}).empty());
}

TEST_CASE("the databases are made in a folder of the bench's own")
{
    CHECK(read({"--folder", "/srv"}).folder == "/srv/flow-data");
    CHECK(read({}).folder.filename() == "flow-data");
}

TEST_CASE("help is given wherever it is asked for")
{
    const char* const flow[] = {"flow", "--rate", "-h"};
    const char* const compare[] = {"compare", "--help"};
    CHECK(bench::wants_help(3, flow));
    CHECK_FALSE(bench::wants_help(2, flow));
    CHECK(bench::wants_help(2, compare));
}

TEST_CASE("a comparison passes on flow's options, except those that it sets itself")
{
    const auto asked = compared({"/a", "/b", "--events", "50", "--pairs", "3", "--sink"});
    CHECK(asked.first == "/a");
    CHECK(asked.second == "/b");
    CHECK(asked.pairs == 3);
    CHECK(asked.flow == std::vector<std::string>{"--events", "50", "--sink"});
    const std::vector<std::string> run{"--json",  "--machine", "0",        "--starts", "0",
                                       "--build", "/b",        "--events", "50",       "--sink"};
    CHECK(bench::run_options(asked.second, asked) == run);
    CHECK_THROWS_AS(compared({"/a"}), std::invalid_argument);
    CHECK_THROWS_AS(compared({"/a", "--pairs", "3"}), std::invalid_argument);
    CHECK_THROWS_AS(compared({"/a", "/b", "--build", "/c"}), std::invalid_argument);
    CHECK_THROWS_AS(compared({"/a", "/b", "--pairs", "0"}), std::invalid_argument);
    CHECK_THROWS_AS(compared({"/a", "/b", "--pairs"}), std::invalid_argument);
    CHECK_THROWS_AS(compared({"/a", "/b", "--events", "0"}), std::invalid_argument);
}

TEST_CASE("a build folder without the daemons is refused, with the name of what is missing")
{
    std::string said;
    try {
        bench::require_programs("/dev/null");
    }
    catch (const std::invalid_argument& refused) {
        said = refused.what();
    }
    CHECK(said.find("there is no program /dev/null/sender-service/sender-service") == 0);
}
