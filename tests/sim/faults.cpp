#include "tests/sim/faults.hpp"

namespace sim {

namespace {

constexpr double enabled_probability = 0.6;

constexpr std::array<std::string_view, fault_kinds> names{"power loss",
                                                          "process killed",
                                                          "death in a disk operation",
                                                          "graceful stop",
                                                          "unsynced write dropped",
                                                          "unsynced write torn",
                                                          "disk full",
                                                          "write failed",
                                                          "sync failed",
                                                          "disk slow",
                                                          "request lost",
                                                          "request delayed",
                                                          "request duplicated",
                                                          "request truncated",
                                                          "response lost",
                                                          "response after the deadline",
                                                          "response truncated",
                                                          "receiver errs",
                                                          "receiver asks to wait",
                                                          "receiver says gone",
                                                          "clock set forward",
                                                          "clock set back",
                                                          "second visit",
                                                          "registered again",
                                                          "unregistered",
                                                          "origin paused",
                                                          "dead redelivered",
                                                          "dead neighbour",
                                                          "app down",
                                                          "app errs"};

} // namespace

std::string_view to_string(fault kind)
{
    return names.at(static_cast<std::size_t>(kind));
}

faults::faults(random& draws) : random_(draws)
{
    for (auto& each : enabled_)
        each = random_.chance(enabled_probability);
}

bool faults::strike(fault kind, double probability)
{
    const bool struck = enabled(kind) && random_.chance(probability);
    if (struck)
        count(kind);
    return struck;
}

} // namespace sim
