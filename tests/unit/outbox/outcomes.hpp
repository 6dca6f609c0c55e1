#pragma once

#include "common/outbox/retry.hpp"

#include <optional>

namespace test {

inline outbox::outcome answered_with(unsigned status,
                                     std::optional<std::chrono::seconds> retry_after = std::nullopt)
{
    return {.result = http::exchange_result::answered, .status = status, .retry_after = retry_after};
}

inline outbox::outcome failed_with(http::exchange_result result)
{
    return {.result = result, .status = 0, .retry_after = std::nullopt};
}

} // namespace test
