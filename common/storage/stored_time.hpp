#pragma once

#include "common/runtime/clock.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace storage {

// Times are stored as milliseconds since the epoch.
inline std::int64_t to_stored(runtime::instant at)
{
    return at.time_since_epoch().count();
}

inline runtime::instant from_stored(std::int64_t stored)
{
    return runtime::instant{std::chrono::milliseconds{stored}};
}

inline std::optional<runtime::instant> from_stored(std::optional<std::int64_t> stored)
{
    return stored ? std::optional{from_stored(*stored)} : std::nullopt;
}

} // namespace storage
