#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace bench {

struct kill_options
{
    std::uint64_t rounds = 40;
    std::optional<std::uint64_t> seed; // of the victims and the moments; none: another one each time
    std::uint64_t retry_base_ms = 100;
    std::uint64_t retry_max_ms = 1'000;
    std::uint64_t limit_s = 120; // for the events of a round to arrive; those that have not by then are lost
    bool as_json = false;
};

// Reads the command line. Throws std::invalid_argument with a sentence for whoever typed it.
kill_options read_kill_options(int argc, const char* const* argv);

// What kill-rounds prints for --help.
std::string kill_usage_text();

} // namespace bench
