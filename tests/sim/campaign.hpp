#pragma once

#include "tests/sim/faults.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace sim {

// A run of many seeds.
struct campaign
{
    std::uint64_t first = 1;
    std::uint64_t seeds = 1;
    unsigned jobs = 1; // processes beside each other
};

struct campaign_result
{
    struct failure
    {
        std::uint64_t seed;
        std::string what;
    };

    std::optional<failure> first_failure; // the one of the lowest seed that was run
    std::uint64_t seeds_run = 0;
    fault_counts faults{};
    std::map<std::string, std::uint64_t> deliveries; // by status
};

// Runs seed after seed, in processes of its own, so that a seed that ends its process is a failure like any
// other. Each process ends with its first failure.
campaign_result carry_out(const campaign& what);

} // namespace sim
