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

TEST_CASE("the healthy origin's users are as many beside the others as alone, and the others are posted to")
{
    const auto done =
        integration::run(NEIGHBOURS_EXECUTABLE,
                         {"--json", "--pairs", "1", "--events", "44", "--rate", "100", "--connections", "4"},
                         {}, std::chrono::minutes(4));
    INFO(done.errors);
    REQUIRE(done.status == 0);
    const auto told = json::parse(done.output).as_object();
    const auto& setting = told.at("setting").as_object();
    CHECK(setting.at("its users").to_number<double>() == 11);
    CHECK(setting.at("their users").to_number<double>() == 33);
    CHECK(setting.at("its starts [1/s]").to_number<double>() == 25);
    const auto& figures = told.at("neighbours").as_object();
    CHECK(figures.at("POSTs at the others").to_number<double>() >= 33);
    CHECK(figures.at("alone p99 [ms]").to_number<double>() > 0);
    CHECK(figures.at("p99 beside / alone").to_number<double>() > 0);
}
