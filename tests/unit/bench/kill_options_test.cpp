#include "bench/kill_options.hpp"
#include "tests/catch.hpp"

#include <stdexcept>
#include <vector>

namespace {

bench::kill_options read(std::vector<const char*> words)
{
    words.insert(words.begin(), "kill-rounds");
    return bench::read_kill_options(static_cast<int>(words.size()), words.data());
}

} // namespace

TEST_CASE("kill rounds are 40 with quick retries unless told, and of another seed each time")
{
    const auto usual = read({});
    CHECK(usual.rounds == 40);
    CHECK(usual.retry_base_ms == 100);
    CHECK(usual.retry_max_ms == 1'000);
    CHECK_FALSE(usual.seed.has_value());
    const auto told = read({"--rounds", "7", "--seed", "0", "--default-retry", "--limit", "9", "--json"});
    CHECK(told.rounds == 7);
    CHECK(told.seed == 0U);
    CHECK(told.retry_base_ms == 1'000);
    CHECK(told.retry_max_ms == 21'600'000);
    CHECK(told.limit_s == 9);
    CHECK(told.as_json);
}

TEST_CASE("kill rounds refuse what they do not know, and numbers that are none")
{
    CHECK_THROWS_AS(read({"--round", "7"}), std::invalid_argument);
    CHECK_THROWS_AS(read({"--rounds"}), std::invalid_argument);
    CHECK_THROWS_AS(read({"--rounds", "0"}), std::invalid_argument);
    CHECK_THROWS_AS(read({"--seed", "-1"}), std::invalid_argument);
    CHECK_THROWS_AS(read({"--retry-base", "soon"}), std::invalid_argument);
}
