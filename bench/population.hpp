#pragma once

#include <cstddef>

namespace bench {

// The users that a run starts, of whom some, spread evenly over the others, have a callback that fails.
struct population
{
    std::size_t users = 0;
    std::size_t failing = 0; // at most `users`

    std::size_t living() const { return users - failing; }

    bool fails(std::size_t user) const { return failing_before(user + 1) > failing_before(user); }

    // How many of the user's kind come before them: kinds share callbacks in turn.
    std::size_t rank(std::size_t user) const
    {
        const auto before = failing_before(user);
        return fails(user) ? before : user - before;
    }

private:
    std::size_t failing_before(std::size_t user) const { return user * failing / users; }
};

} // namespace bench
