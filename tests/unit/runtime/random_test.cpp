#include "common/runtime/random.hpp"
#include "tests/catch.hpp"

#include <set>
#include <thread>

TEST_CASE("the system's random numbers are all different, on every thread")
{
    constexpr std::size_t draws = 1'000; // many more than are drawn at once
    std::set<std::uint64_t> seen;
    std::set<std::uint64_t> seen_there;
    const auto draw_into = [](std::set<std::uint64_t>& numbers) {
        for (std::size_t i = 0; i < draws; ++i)
            numbers.insert(runtime::system_random());
    };
    std::thread other([&] { draw_into(seen_there); });
    draw_into(seen);
    other.join();
    seen.merge(seen_there);
    CHECK(seen.size() == 2 * draws);
    CHECK(seen_there.empty());
    CHECK_FALSE(seen.contains(0));
}
