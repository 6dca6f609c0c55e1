#include "tests/catch.hpp"
#include "tests/integration/support/child.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <sstream>
#include <string>
#include <vector>

// That the benchmark's options do what they say, and its comparison of two builds works.

namespace json = boost::json;

namespace {

constexpr double mib = 1'048'576;

json::object flow_with(const std::string& aged)
{
    const auto done = integration::run(
        FLOW_EXECUTABLE, {"--json", "--machine", "0", "--starts", "0", "--events", "100", "--aged", aged}, {},
        std::chrono::minutes(4));
    INFO(done.errors);
    REQUIRE(done.status == 0);
    return json::parse(done.output).as_object().at("flow").as_object();
}

double bytes(const json::object& figures, std::string_view name)
{
    return figures.at(name).to_number<double>() * mib;
}

} // namespace

TEST_CASE("the benchmark's databases hold the events that it is to find there beforehand")
{
    constexpr double aged = 4'000;
    constexpr double least = 400; // bytes of an event, in either database
    const auto fresh = flow_with("0");
    const auto old = flow_with("4000");
    for (const auto* const name : {"sender database [MiB]", "receiver database [MiB]"}) {
        CAPTURE(name);
        CHECK(bytes(old, name) - bytes(fresh, name) > aged * least);
    }
}

TEST_CASE("a build compared with itself gives a ratio of each figure and their median")
{
    const auto done = integration::run(
        COMPARE_EXECUTABLE, {BUILD_FOLDER, BUILD_FOLDER, "--pairs", "1", "--events", "100", "--machine", "0"},
        {}, std::chrono::minutes(4));
    INFO(done.errors);
    REQUIRE(done.status == 0);
    for (const std::string name : {"events per second", "READY to inbox p50 [ms]", "request p99 [ms]",
                                   "sender CPU per event [us]", "receiver written per event [bytes]"})
    {
        CAPTURE(name, done.output);
        const auto at = done.output.find('\n' + name + ' ');
        REQUIRE(at != std::string::npos);
        std::istringstream line(done.output.substr(at + 1 + name.size()));
        double ratio = 0;
        std::string word;
        double median = 0;
        REQUIRE(line >> ratio >> word >> median);
        CHECK(ratio > 0);
        CHECK(word == "median");
        CHECK(median == ratio);
    }
}
