#include "bench/kill_options.hpp"

#include "bench/numbers.hpp"

#include <limits>
#include <map>
#include <stdexcept>
#include <string_view>

namespace bench {

namespace {

constexpr std::uint64_t day_ms = 86'400'000;

struct numeric_option
{
    std::uint64_t least;
    std::uint64_t most;
    void (*set)(kill_options&, std::uint64_t);
};

const std::map<std::string_view, numeric_option>& numeric()
{
    static const std::map<std::string_view, numeric_option> all{
        {"--rounds", {1, 100'000, [](kill_options& o, std::uint64_t n) { o.rounds = n; }}},
        {"--seed",
         {0, std::numeric_limits<std::uint64_t>::max(),
          [](kill_options& o, std::uint64_t n) { o.seed = n; }}},
        {"--retry-base", {1, day_ms, [](kill_options& o, std::uint64_t n) { o.retry_base_ms = n; }}},
        {"--retry-max", {1, day_ms, [](kill_options& o, std::uint64_t n) { o.retry_max_ms = n; }}},
        {"--limit", {1, 86'400, [](kill_options& o, std::uint64_t n) { o.limit_s = n; }}}};
    return all;
}

} // namespace

kill_options read_kill_options(int argc, const char* const* argv)
{
    kill_options read;
    for (int i = 1; i < argc; ++i) {
        const std::string_view word = argv[i];
        const auto option = numeric().find(word);
        if (word == "--json")
            read.as_json = true;
        else if (word == "--default-retry") {
            read.retry_base_ms = 1'000;
            read.retry_max_ms = 21'600'000;
        }
        else if (option == numeric().end())
            throw std::invalid_argument("unknown option " + std::string(word) + "; see --help");
        else if (++i == argc)
            throw std::invalid_argument(std::string(word) + " wants a value");
        else
            option->second.set(read, number_within(word, argv[i], option->second.least, option->second.most));
    }
    return read;
}

std::string kill_usage_text()
{
    return R"(Kills one of the two daemons again and again under load, and says what became of what they had promised.

  kill-rounds [options]   exit status 0: nothing was lost, and nothing is in an inbox twice

  --rounds N         kills (40): of either daemon, at any moment
  --seed S           of the victims and the moments, to have them again
  --retry-base MS    SENDER_RETRY_BASE_MS (100)
  --retry-max MS     SENDER_RETRY_MAX_MS (1000)
  --default-retry    both as the sender has them unless told: 1 s, 6 h
  --limit S          seconds for a round's events to arrive before they count as lost (120)
  --json             one JSON object instead of text, units in its keys
  -h, --help         this
)";
}

} // namespace bench
