#pragma once

#include "common/outbox/origin.hpp"
#include "tests/unit/outbox/outcomes.hpp"

namespace test {

inline constexpr outbox::instant start{std::chrono::milliseconds(1'700'000'000'000)};

inline void begin_attempts(outbox::origin& at, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
        at.attempt_begins();
}

inline void end_attempts(outbox::origin& at, const outbox::outcome& seen, std::size_t count,
                         outbox::instant now = start)
{
    for (std::size_t i = 0; i < count; ++i)
        at.attempt_ends(seen, now);
}

inline void attempt(outbox::origin& at, const outbox::outcome& seen, outbox::instant now = start)
{
    at.attempt_begins();
    at.attempt_ends(seen, now);
}

inline outbox::origin opened(const outbox::origin_limits& limits = {}, outbox::instant at = start)
{
    outbox::origin broken{limits};
    for (unsigned i = 0; i < outbox::breaker_failures; ++i)
        attempt(broken, failed_with(http::exchange_result::connect), at);
    return broken;
}

} // namespace test
