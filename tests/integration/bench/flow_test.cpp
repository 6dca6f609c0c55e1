#include "tests/catch.hpp"
#include "tests/integration/support/child.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <fcntl.h>
#include <filesystem>
#include <fstream>
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

// On the disk of the build, and not there yet.
std::filesystem::path fresh_folder(const std::string& name)
{
    auto folder = std::filesystem::path(FLOW_EXECUTABLE).parent_path() / (name + "-by-the-tests");
    std::filesystem::remove_all(folder);
    return folder;
}

} // namespace

TEST_CASE("the benchmark sees every event arrive once, in each of its modes")
{
    using words = std::vector<std::string>;
    const auto mode =
        GENERATE(words{}, words{"--sink"}, words{"--rate", "400"}, words{"--aged", "500"},
                 words{"--sink", "--origins", "7"}, words{"--backlog", "500"}, words{"--waiting", "500"});
    auto options = mode;
    options.insert(options.end(), {"--events", "300"});
    const auto told = figures(options);
    CHECK(number(told, "flow", "events") == 300);
    CHECK(number(told, "flow", "events per second") > 0);
    CHECK(number(told, "flow", "READY to inbox p50 [ms]") > 0);
    CHECK(number(told, "flow", "READY to inbox max [ms]") >= number(told, "flow", "READY to inbox p50 [ms]"));
    CHECK(number(told, "flow", "start to inbox p50 [ms]") > number(told, "flow", "READY to inbox p50 [ms]"));
    CHECK(number(told, "flow", "sender written per event [bytes]") > 0);
    CHECK(number(told, "start", "sender resident, idle [MiB]") > 0);
    CHECK(number(told, "machine", "limit [1/s]") > 0);
}

TEST_CASE("users whose callback fails are started too, and only the others' events are counted")
{
    const std::string where = GENERATE("--sink", "--keep");
    // More of them than may be on their way: they are not waited for.
    const auto told =
        figures({"--events", "300", "--failing", "0.25", "--on-its-way", "40", "--limit", "30", where});
    CHECK(number(told, "flow", "events") == 225);
    CHECK(number(told, "flow", "users whose callback fails") == 75);
    CHECK(number(told, "flow", "their POSTs") > 0);
    CHECK(number(told, "flow", "READY to inbox p50 [ms]") > 0);
}

TEST_CASE("daemons are started again on what a run has left, when anything was there before it")
{
    const auto aged = figures({"--events", "64", "--backlog", "3000", "--waiting", "300"});
    CHECK(number(aged, "restart", "sender exec to /readyz, median [ms]") > 0);
    CHECK(number(aged, "restart", "sender resident, idle [MiB]") > 0);
    CHECK(number(aged, "restart", "receiver exec to /readyz, median [ms]") > 0);
    CHECK_FALSE(figures({"--events", "64"}).contains("restart"));
    const auto received = figures({"--receiver", "--events", "64", "--aged", "300"});
    CHECK_FALSE(received.at("restart").as_object().contains("sender resident, idle [MiB]"));
}

TEST_CASE("the benchmark of the receiver alone has every post answered and stored")
{
    const auto told = figures({"--receiver", "--events", "300"});
    CHECK(number(told, "flow", "events") == 300);
    CHECK(number(told, "flow", "request p50 [ms]") > 0);
    CHECK(number(told, "flow", "receiver written per event [bytes]") > 0);
    CHECK_FALSE(told.at("flow").as_object().contains("sender CPU time [s]"));
}

TEST_CASE("the benchmark refuses a folder in memory, where no commit waits for a disk")
{
    const std::filesystem::path memory = "/dev/shm";
    REQUIRE(std::filesystem::is_directory(memory));
    const auto folder = memory / ("waiting-room-bench-" + std::to_string(::getpid()));
    const auto done = flow({"--events", "10", "--folder", folder.string()});
    CHECK_FALSE(std::filesystem::exists(folder));
    std::filesystem::remove_all(folder);
    CHECK(done.status == 1);
    CHECK(done.errors.find("is in memory") != std::string::npos);
    CHECK(done.output.empty());
}

TEST_CASE("two runs of the benchmark do not share a folder")
{
    const auto folder = fresh_folder("shared");
    const auto data = folder / "flow-data";
    std::filesystem::create_directories(data);
    std::ofstream(data / "sender.db") << "of the other run";
    const int held = ::open(data.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    REQUIRE(::flock(held, LOCK_EX | LOCK_NB) == 0);
    const auto done = flow({"--events", "10", "--folder", folder.string()});
    ::close(held);
    CHECK(done.status == 1);
    CHECK(done.errors ==
          "flow: another run of flow uses " + folder.string() + "; choose another with --folder\n");
    CHECK(std::filesystem::exists(data / "sender.db"));
    std::filesystem::remove_all(folder);
}

TEST_CASE("the benchmark removes what it or an interrupted run made, and nothing else of the folder")
{
    const auto folder = fresh_folder("elsewhere");
    const auto data = folder / "flow-data";
    std::filesystem::create_directories(data);
    std::ofstream(data / "sender.db") << "of an interrupted run";
    for (const char* const name : {"sender.db", "sender.db-wal", "receiver.db", "machine.db", "machine.sync"})
        std::ofstream(folder / name) << "somebody's";
    const bool keep = GENERATE(false, true);
    std::vector<std::string> options{"--folder", folder.string(), "--events", "64"};
    if (keep)
        options.emplace_back("--keep");
    figures(options);
    for (const char* const name : {"sender.db", "sender.db-wal", "receiver.db", "machine.db", "machine.sync"})
    {
        CAPTURE(name);
        std::string content;
        std::getline(std::ifstream(folder / name) >> std::ws, content);
        CHECK(content == "somebody's");
    }
    CHECK(std::filesystem::exists(data / "receiver.db") == keep);
    CHECK(std::filesystem::exists(data) == keep);
    std::filesystem::remove_all(folder);
}

TEST_CASE("the benchmark says what is wrong with its command line, before it measures anything")
{
    const auto unknown = flow({"--evens", "10"});
    CHECK(unknown.status == 2);
    CHECK(unknown.errors.find("--evens") != std::string::npos);
    const auto elsewhere = flow({"--build", "/dev/null"});
    CHECK(elsewhere.status == 2);
    CHECK(elsewhere.errors.find("flow: there is no program /dev/null/sender-service/sender-service") == 0);
}

TEST_CASE("the benchmark says which phase passed its limit, and how far it came")
{
    const auto folder = fresh_folder("limited");
    const auto done = flow({"--events", "1000000", "--limit", "1", "--machine", "0", "--starts", "0",
                            "--folder", folder.string()});
    CHECK(done.status == 1);
    INFO(done.errors);
    CHECK(done.errors.find("flow: load: 1,000,000 events\nflow: registrations: ") == 0);
    CHECK(done.errors.find(" of 1,000,000 were answered within 1 s (--limit)\n") != std::string::npos);
    std::filesystem::remove_all(folder);
}

TEST_CASE("the benchmark gives help on standard output")
{
    const auto done = flow({GENERATE("-h", "--help")});
    CHECK(done.status == 0);
    CHECK(done.output.find("--events N") != std::string::npos);
    CHECK(done.errors.empty());
}
