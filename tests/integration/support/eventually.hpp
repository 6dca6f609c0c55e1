#pragma once

#include <chrono>
#include <thread>

namespace integration {

// Longer than every wait that the services are configured with under test, on a slow machine too.
inline constexpr std::chrono::seconds eventually_max{40};
inline constexpr std::chrono::milliseconds poll_pause{20};

// Asks `check` again and again until what it answers is true (as a condition) or `max` has passed. Answers
// with the last answer, so that the caller asserts on that.
template <class Check>
auto eventually(Check check, std::chrono::milliseconds max = eventually_max)
{
    const auto deadline = std::chrono::steady_clock::now() + max;
    auto last = check();
    while (!last && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::sleep_for(poll_pause);
        last = check();
    }
    return last;
}

} // namespace integration
