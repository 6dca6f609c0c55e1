#include "bench/message_size.hpp"
#include "bench/options.hpp"
#include "bench/report.hpp"
#include "tests/catch.hpp"

#include <initializer_list>
#include <stdexcept>
#include <vector>

namespace {

bench::options read(std::initializer_list<const char*> words)
{
    std::vector<const char*> all{"flow"};
    all.insert(all.end(), words);
    return bench::read_options(static_cast<int>(all.size()), all.data());
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

TEST_CASE("a report tells the same figures as text and as JSON")
{
    bench::report told;
    told.section("flow", "about it");
    told.add("events per second", 12345.678, "1/s", 1);
    told.add("mode", std::string("pair"));
    told.section("machine");
    told.add("debt", -1234567.0);
    CHECK(told.json() ==
          R"({"flow":{"events per second":1.2345678E4,"mode":"pair"},"machine":{"debt":-1.234567E6}})"
          "\n");
    const auto text = told.text();
    CHECK(text.find("flow: about it\n") == 0);
    CHECK(text.find(" 12,345.7 1/s\n") != std::string::npos);
    CHECK(text.find(" -1,234,567 \n") != std::string::npos);
}

TEST_CASE("options that make no sense are refused, and the number of events suits the mode")
{
    CHECK(read({}).events == 100'000);
    CHECK(read({"--receiver"}).events == 200'000);
    CHECK(read({"--rate", "500"}).events == 10'000);
    CHECK(read({"--rate", "500", "--events", "7"}).events == 7);
    CHECK_THROWS_AS(read({"--events"}), std::invalid_argument);
    CHECK_THROWS_AS(read({"--events", "7x"}), std::invalid_argument);
    CHECK_THROWS_AS(read({"--events", "-7"}), std::invalid_argument);
    CHECK_THROWS_AS(read({"--connections", "0"}), std::invalid_argument);
    CHECK_THROWS_AS(read({"--receiver", "--rate", "5"}), std::invalid_argument);
    CHECK_THROWS_AS(read({"--rate", "2"}), std::invalid_argument);
    CHECK(read({"--rate", "2", "--connections", "8"}).events == 40);
    CHECK_THROWS_AS(read({"--receivers"}), std::invalid_argument);
}
