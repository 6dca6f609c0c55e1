#pragma once

#include "tests/sim/machine.hpp"
#include "tests/sim/origin_rules.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace sim {

// Whoever runs the sender: pauses origins, resumes them, and asks for the dead to be sent again, until told
// to cease. Each order is repeated until the sender has acknowledged it.
class sender_operator
{
public:
    sender_operator(const surroundings& around, origin_rules& rules, std::vector<std::string> origins);

    void begin();

    // Resumes what is paused and gives no further order.
    void cease() { ceased_ = true; }

    // True when nothing is paused and no order is under way.
    bool done() const { return !busy_ && !paused_; }

private:
    void next();
    void pause(const std::string& origin);
    void resume();
    void redeliver();
    void order(const std::string& path, const std::string& body,
               std::function<void(const std::string&)> done);

    surroundings around_;
    origin_rules& rules_;
    std::vector<std::string> origins_;
    std::optional<std::string> paused_;
    bool busy_ = false;
    bool ceased_ = false;
};

} // namespace sim
