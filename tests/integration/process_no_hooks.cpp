// What is shipped has no crash points and no planted defects: neither by name, nor by a setting that would do
// anything.
#include "tests/catch.hpp"
#include "tests/integration/support/crash_points.hpp"

using namespace integration;

TEST_CASE("a build without test hooks has no crash point's name in it", "[process]")
{
    const auto side = GENERATE(which::sender, which::receiver);
    const auto program = read_file(executable(side));
    REQUIRE(program.find("WEBHOOK_SHARED_SECRET") != std::string::npos); // what is in it can be found
    CHECK(program.find(crash_setting_end) == std::string::npos);
    for (const std::string name : crash_points) {
        INFO(name);
        CHECK(program.find(name) == std::string::npos);
    }
}

TEST_CASE("a build without test hooks has no planted defect's name in it", "[process]")
{
    const auto program = read_file(executable(GENERATE(which::sender, which::receiver)));
    for (const std::string name :
         {"dedupe-key-dropped", "acknowledged-before-commit", "retried-without-jitter",
          "recorded-before-response", "ready-without-delivery", "not-made-durable", "not-synchronous"})
    {
        INFO(name);
        CHECK(program.find(name) == std::string::npos);
    }
}

TEST_CASE("a build without test hooks refuses the setting of a crash point as unknown", "[process]")
{
    const auto side = GENERATE(which::sender, which::receiver);
    const temporary_folder folder;
    for (const auto* const name : crash_points) {
        const auto ended =
            run(executable(side), {}, test_settings(side, folder, {{crash_setting(side), name}}));
        INFO(name << ": " << ended.errors);
        CHECK(ended.status == 2);
        CHECK(ended.errors.find(crash_setting(side) + ": unknown to this version") != std::string::npos);
    }
    CHECK(std::filesystem::is_empty(folder.path()));
}
