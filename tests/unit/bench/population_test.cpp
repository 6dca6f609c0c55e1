#include "bench/pairs.hpp"
#include "bench/population.hpp"
#include "tests/catch.hpp"

#include <map>

TEST_CASE("those who fail are as many as asked for, and spread evenly over the others")
{
    const bench::population who{1'000, GENERATE(0U, 1U, 250U, 333U, 999U, 1'000U)};
    CAPTURE(who.failing);
    std::size_t failing = 0;
    for (std::size_t user = 0; user < who.users; ++user) {
        failing += who.fails(user);
        // Never more than one away from its share.
        CHECK(failing * who.users + who.users > (user + 1) * who.failing);
        CHECK(failing * who.users <= (user + 1) * who.failing);
    }
    CHECK(failing == who.failing);
    CHECK(who.living() == who.users - failing);
}

TEST_CASE("each kind of users is numbered by itself, so that they share callbacks evenly")
{
    const bench::population who{100, 50};
    std::map<bool, std::size_t> seen;
    for (std::size_t user = 0; user < who.users; ++user)
        CHECK(who.rank(user) == seen[who.fails(user)]++);
}

TEST_CASE("of two in turn the second goes first in every other pair")
{
    std::string order;
    bench::run_pairs(
        3, [&] { order += 'a'; }, [&] { order += 'b'; });
    CHECK(order == "abbaab");
}
