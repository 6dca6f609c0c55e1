#pragma once

#include "tests/sim/random.hpp"

#include <functional>
#include <map>
#include <utility>

namespace sim {

// Simulated time and what is to happen in it, in the order of its time and, at the same time, of its
// planning.
class scheduler
{
public:
    using action = std::function<void()>;
    using ticket = std::pair<duration, std::uint64_t>;

    duration now() const { return now_; }

    ticket after(duration wait, action what)
    {
        const ticket place{now_ + wait, planned_++};
        waiting_.emplace(place, std::move(what));
        return place;
    }

    // Does nothing when it has happened already.
    void cancel(const ticket& place) { waiting_.erase(place); }

    // Moves to the next thing planned and does it; false when nothing is planned.
    bool run_next()
    {
        if (waiting_.empty())
            return false;
        auto first = waiting_.extract(waiting_.begin());
        now_ = first.key().first;
        first.mapped()();
        return true;
    }

private:
    duration now_{0};
    std::uint64_t planned_ = 0;
    std::map<ticket, action> waiting_;
};

} // namespace sim
