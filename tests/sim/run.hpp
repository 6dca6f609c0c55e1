#pragma once

#include "tests/sim/faults.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace sim {

struct run_result
{
    std::optional<std::string> violation; // the first promise that was broken
    std::string journal;
    fault_counts faults{};
    std::map<std::string, std::size_t> deliveries; // by status, at the end
};

// Simulates minutes of both services under the faults of `seed`, then lets everything settle and holds what
// they did against what they promised. The same seed gives the same journal, byte for byte.
run_result run(std::uint64_t seed);

} // namespace sim
