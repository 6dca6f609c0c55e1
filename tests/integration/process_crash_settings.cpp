// How a crash point is chosen, in a build that has them.
#include "tests/catch.hpp"
#include "tests/integration/support/crash_points.hpp"

using namespace integration;

namespace {

finished checked(which side, const std::string& value)
{
    const temporary_folder folder;
    return run(executable(side), {"--check-config"},
               test_settings(side, folder, {{crash_setting(side), value}}));
}

} // namespace

TEST_CASE("a build for tests has every crash point, by name", "[process][crash]")
{
    const auto side = GENERATE(which::sender, which::receiver);
    const auto program = read_file(executable(side));
    for (const std::string name : crash_points) {
        INFO(name);
        CHECK(program.find(name) != std::string::npos);
        CHECK(checked(side, name).status == 0);
        CHECK(checked(side, name + ":3").status == 0);
    }
    CHECK(run(executable(side), {"--help"}, {}).output.find(crash_setting(side)) != std::string::npos);
}

TEST_CASE("an unknown crash point is refused with the list of the known ones", "[process][crash]")
{
    const auto side = GENERATE(which::sender, which::receiver);
    const auto value = GENERATE(as<std::string>{}, "nowhere", "stop-under-way:", "stop-under-way:0",
                                "stop-under-way:x", "stop-under-way:1x", ":1");
    const auto ended = checked(side, value);
    INFO(ended.errors);
    CHECK(ended.status == 2);
    CHECK(ended.errors.find(crash_setting(side)) != std::string::npos);
    for (const auto* const name : crash_points)
        CHECK(ended.errors.find(name) != std::string::npos);
}
