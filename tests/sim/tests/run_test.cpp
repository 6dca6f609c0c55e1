#include "tests/catch.hpp"
#include "tests/sim/run.hpp"

TEST_CASE("the same seed gives the same journal, byte for byte")
{
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
        const auto once = sim::run(seed);
        const auto again = sim::run(seed);
        CHECK(once.journal.size() > 1'000);
        CHECK(once.journal == again.journal);
    }
}

TEST_CASE("another seed gives another run")
{
    CHECK(sim::run(1).journal != sim::run(2).journal);
}
