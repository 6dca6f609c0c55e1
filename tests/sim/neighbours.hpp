#pragma once

#include "tests/sim/visitor.hpp"

#include <memory>
#include <string>
#include <vector>

namespace sim {

inline const std::string dead_host = "dead.test";
inline const std::string dead_callback = "http://dead.test/user-app/webhooks/waiting-room";

// Users whose callbacks all lie at one host where nobody is of use: it refuses, never answers, or errs. More
// than a claim reads at once, so that whoever looks for work among theirs finds nothing else.
class neighbours
{
public:
    // `mended` is who answers at the host when it is put right.
    neighbours(const surroundings& around, host& mended);

    // Adds them to `all`, if the seed has them, and lets them come.
    void begin(std::vector<std::unique_ptr<visitor>>& all);

    bool exist() const { return !visitors_.empty(); }

    // The host is out of order from now on, in a way that is drawn.
    void break_host();

    // All of them come once more.
    void come_again();

    void mend_host();

private:
    surroundings around_;
    host& mended_;
    std::vector<visitor*> visitors_;
};

} // namespace sim
