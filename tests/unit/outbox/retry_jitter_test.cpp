#include "common/outbox/retry.hpp"
#include "common/runtime/random.hpp"
#include "tests/catch.hpp"
#include "tests/support/seeded_random.hpp"
#include "tests/unit/outbox/outcomes.hpp"

#include <algorithm>
#include <array>
#include <limits>

using namespace std::chrono_literals;
using outbox::later;

namespace {

const outbox::instant now{1'700'000'000'000ms};
const outbox::retry_policy policy;

std::chrono::milliseconds wait_of(unsigned attempt, double jitter)
{
    const auto next = outbox::plan(policy, test::answered_with(500), attempt, now, now, jitter);
    return std::get<later>(next).at - now;
}

double drawn(std::uint64_t bits)
{
    return runtime::uniform([bits] { return bits; }, outbox::jitter_min, outbox::jitter_max);
}

} // namespace

TEST_CASE("the least and the greatest draw give the least and the greatest wait")
{
    CHECK(wait_of(1, drawn(0)) == 800ms);
    CHECK(wait_of(1, drawn(std::uint64_t{1} << 63)) == 1s);
    CHECK(wait_of(1, drawn(std::numeric_limits<std::uint64_t>::max())) == 1200ms);
    CHECK(wait_of(18, drawn(0)) == 21'600s * 8 / 10);
    CHECK(wait_of(18, drawn(std::numeric_limits<std::uint64_t>::max())) == 21'600s * 12 / 10);
}

TEST_CASE("drawn waits stay within their bounds and are spread evenly over them")
{
    constexpr std::size_t draws = 10'000;
    test::seeded_random source{7};
    std::array<std::size_t, 10> tenths{};
    for (std::size_t i = 0; i < draws; ++i) {
        const auto jitter =
            runtime::uniform([&] { return source.bits(); }, outbox::jitter_min, outbox::jitter_max);
        const auto wait = wait_of(4, jitter); // 8 s
        REQUIRE(wait >= 6400ms);
        REQUIRE(wait <= 9600ms);
        const auto tenth = static_cast<std::size_t>((wait - 6400ms) / 320ms);
        ++tenths.at(std::min<std::size_t>(tenth, tenths.size() - 1));
    }
    const auto [fewest, most] = std::minmax_element(tenths.begin(), tenths.end());
    CHECK(*fewest > draws / 10 * 8 / 10);
    CHECK(*most < draws / 10 * 12 / 10);
}
