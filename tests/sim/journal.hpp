#pragma once

#include "tests/sim/scheduler.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace sim {

// What happened in a run, a line each with its simulated time; equal for equal seeds, byte for byte.
class journal
{
public:
    explicit journal(const scheduler& time) : time_(time) {}

    void note(std::string_view who, std::string_view what);

    // `hidden` is written as `~`: the folder of a run has another name each time.
    void hide(std::string hidden) { hidden_ = std::move(hidden); }

    // A promise was broken. Only the first counts: what follows may be its consequence.
    void violation(const std::string& what);

    const std::string& text() const { return text_; }
    const std::optional<std::string>& violated() const { return violated_; }

private:
    const scheduler& time_;
    std::string hidden_;
    std::string text_;
    std::optional<std::string> violated_;
};

} // namespace sim
