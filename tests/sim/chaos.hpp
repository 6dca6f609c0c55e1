#pragma once

#include "tests/sim/app.hpp"
#include "tests/sim/machine.hpp"
#include "tests/sim/observer.hpp"

namespace sim {

// Makes the machines, their clocks and the receivers fail, at random moments, until it is told to cease.
class chaos
{
public:
    chaos(const surroundings& around, machine& sender, machine& receiver, observer& watching,
          app& forwarded_to);

    void begin();

    // Puts everything right.
    void cease();

private:
    void strike_machine(machine& victim);
    void strike_disk(machine& victim);
    void strike_clock(machine& victim);
    void set_clock(machine& victim, duration off);
    void strike_callbacks();

    surroundings around_;
    machine& sender_;
    machine& receiver_;
    observer& observer_;
    app& app_;
    bool ceased_ = false;
};

} // namespace sim
