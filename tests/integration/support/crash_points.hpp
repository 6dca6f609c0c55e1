#pragma once

#include "tests/integration/support/service.hpp"

#include <array>
#include <string>

namespace integration {

// All of them: a build for tests has each, and any other has none.
inline constexpr std::array crash_points{"ready-not-dispatched", "post-not-recorded", "accept-not-answered",
                                         "checkpoint-under-way", "stop-under-way",    "migration-under-way"};

// The setting that chooses one, with its prefix before it.
inline constexpr const char* crash_setting_end = "TEST_CRASH_POINT";

inline std::string crash_setting(which side)
{
    return std::string(side == which::sender ? "SENDER_" : "RECEIVER_") + crash_setting_end;
}

} // namespace integration
