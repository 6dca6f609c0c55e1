#include "tests/catch.hpp"
#include "tests/integration/support/child.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <unistd.h>

// Keeps the benchmark from rotting: small runs, and nothing about how fast they were.

namespace json = boost::json;

namespace {

integration::finished flow(const std::vector<std::string>& options)
{
    return integration::run(FLOW_EXECUTABLE, options, {}, std::chrono::minutes(4));
}

json::object figures(const std::vector<std::string>& mode)
{
    std::vector<std::string> options{"--json", "--machine", "0.05", "--starts", "1"};
    options.insert(options.end(), mode.begin(), mode.end());
    const auto done = flow(options);
    INFO(done.errors);
    REQUIRE(done.status == 0);
    return json::parse(done.output).as_object();
}

double number(const json::object& told, std::string_view part, std::string_view name)
{
    return told.at(part).as_object().at(name).to_number<double>();
}

} // namespace

TEST_CASE("the benchmark sees every event arrive once, in each of its modes")
{
    const auto mode =
        GENERATE(std::vector<std::string>{}, std::vector<std::string>{"--sink"},
                 std::vector<std::string>{"--rate", "400"}, std::vector<std::string>{"--aged", "500"});
    auto options = mode;
    options.insert(options.end(), {"--events", "300"});
    const auto told = figures(options);
    CHECK(number(told, "flow", "events") == 300);
    CHECK(number(told, "flow", "events per second") > 0);
    CHECK(number(told, "flow", "READY to inbox p50") > 0);
    CHECK(number(told, "flow", "READY to inbox max") >= number(told, "flow", "READY to inbox p50"));
    CHECK(number(told, "flow", "start to inbox p50") > number(told, "flow", "READY to inbox p50"));
    CHECK(number(told, "flow", "sender written per event") > 0);
    CHECK(number(told, "start", "sender resident, idle") > 0);
    CHECK(number(told, "machine", "limit") > 0);
}

TEST_CASE("the benchmark of the receiver alone has every post answered and stored")
{
    const auto told = figures({"--receiver", "--events", "300"});
    CHECK(number(told, "flow", "events") == 300);
    CHECK(number(told, "flow", "request p50") > 0);
    CHECK(number(told, "flow", "receiver written per event") > 0);
    CHECK_FALSE(told.at("flow").as_object().contains("sender CPU time"));
}

TEST_CASE("the benchmark refuses a folder in memory, where no commit waits for a disk")
{
    const std::filesystem::path memory = "/dev/shm";
    REQUIRE(std::filesystem::is_directory(memory));
    const auto folder = memory / ("waiting-room-bench-" + std::to_string(::getpid()));
    const auto done = flow({"--events", "10", "--folder", folder.string()});
    std::filesystem::remove_all(folder);
    CHECK(done.status == 1);
    CHECK(done.errors.find("is in memory") != std::string::npos);
    CHECK(done.output.empty());
}

TEST_CASE("two runs of the benchmark do not share a folder")
{
    const auto folder = std::filesystem::path(FLOW_EXECUTABLE).parent_path() / "shared-data";
    std::filesystem::create_directories(folder);
    const int held = ::open((folder / "flow.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    REQUIRE(::flock(held, LOCK_EX | LOCK_NB) == 0);
    const auto done = flow({"--events", "10", "--folder", folder.string()});
    ::close(held);
    CHECK(done.status == 1);
    CHECK(done.errors.find("is in use") != std::string::npos);
    std::filesystem::remove_all(folder);
}

TEST_CASE("the benchmark says what is wrong with its command line")
{
    const auto done = flow({"--evens", "10"});
    CHECK(done.status == 2);
    CHECK(done.errors.find("--evens") != std::string::npos);
}
