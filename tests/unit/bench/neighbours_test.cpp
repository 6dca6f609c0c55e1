#include "bench/neighbourhood.hpp"
#include "tests/catch.hpp"

#include <algorithm>
#include <stdexcept>

TEST_CASE("the healthy origin's users are the same number at the same rate, alone and beside the others")
{
    const auto asked = bench::read_neighbourhood({"--pairs", "3", "--sink"});
    CHECK(asked.pairs == 3);
    CHECK(asked.beside.events == 20'000);
    CHECK(asked.beside.rate == 1'000);
    CHECK(asked.alone.events == bench::population_of(asked.beside).living());
    CHECK(bench::population_of(asked.alone).failing == 0);
    CHECK(asked.alone.rate == 250);
    CHECK(asked.alone.what == bench::target::sink);
    const auto& others = asked.beside.failing_as;
    CHECK(std::count(others.begin(), others.end(), bench::conduct::stalls) == 8);
    for (const auto one : {bench::conduct::drips, bench::conduct::resets, bench::conduct::fails})
        CHECK(std::count(others.begin(), others.end(), one) == 1);
}

TEST_CASE("neighbours takes flow's options but those that it sets itself")
{
    CHECK(bench::read_neighbourhood({"--events", "400", "--rate", "100"}).alone.events == 100);
    for (const char* const option : {"--receiver", "--origins", "--failing", "--starts", "--machine"})
        CHECK_THROWS_AS(bench::read_neighbourhood({option, "1"}), std::invalid_argument);
    CHECK_THROWS_AS(bench::read_neighbourhood({"--pairs"}), std::invalid_argument);
    CHECK_THROWS_AS(bench::read_neighbourhood({"--pairs", "0"}), std::invalid_argument);
    CHECK_THROWS_AS(bench::read_neighbourhood({"--evens", "1"}), std::invalid_argument);
}
