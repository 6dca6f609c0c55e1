#pragma once

#include "tests/support/seeded_random.hpp"

#include <chrono>

namespace sim {

using duration = std::chrono::microseconds; // of simulated time

// Everything that a run draws, from one seed.
class random : public test::seeded_random
{
public:
    using seeded_random::seeded_random;

    // From [low, high].
    duration between(duration low, duration high)
    {
        return low + duration(below(static_cast<std::size_t>((high - low).count()) + 1));
    }
};

} // namespace sim
