#pragma once

#include "common/runtime/clock.hpp"

namespace test {

// A clock that stands where the test put it.
struct fixed_clock final : runtime::clock
{
    // 2026-01-02T03:04:05.678Z
    runtime::instant at{std::chrono::milliseconds(1'767'323'045'678)};

    runtime::instant now() const override { return at; }
};

} // namespace test
