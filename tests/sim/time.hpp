#pragma once

#include "common/runtime/timer.hpp"
#include "tests/sim/scheduler.hpp"

#include <memory>
#include <vector>

namespace sim {

// The wall clock of one machine: it goes on with the simulated time, and may be set.
class wall_clock final : public runtime::clock
{
public:
    explicit wall_clock(const scheduler& time) : time_(time) {}

    runtime::instant now() const override
    {
        return start + std::chrono::duration_cast<std::chrono::milliseconds>(time_.now() + set_off_);
    }

    // How far it is from the true time.
    void set_off(duration by) { set_off_ = by; }
    bool is_off() const { return set_off_ != duration{0}; }

    static constexpr runtime::instant start{std::chrono::milliseconds(1'767'323'045'000)}; // 2026-01-02

private:
    const scheduler& time_;
    duration set_off_{0};
};

// The timers of one life of a service, which wait in simulated time as the real ones do on the steady clock.
class timers final : public runtime::timers
{
public:
    timers(scheduler& time, const wall_clock& clock) : time_(time), clock_(clock) {}

    std::unique_ptr<runtime::timer> make(boost::asio::any_io_executor loop) override;

    // Ends every wait under way.
    void wake_all();

private:
    class waiting;

    scheduler& time_;
    const wall_clock& clock_;
    std::vector<waiting*> made_;
};

} // namespace sim
