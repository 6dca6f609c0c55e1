#include "common/outbox/retry.hpp"

#include <algorithm>
#include <cmath>

namespace outbox {

namespace {

constexpr unsigned status_gone = 410;

// min(max, base * 2^(attempt-1)), without overflow: no shift goes past what `max` can hold.
std::chrono::milliseconds backoff(const retry_policy& policy, unsigned attempt)
{
    auto wait = std::min(policy.base, policy.max);
    for (unsigned doubled = 1; doubled < attempt && wait < policy.max; ++doubled)
        wait = wait > policy.max / 2 ? policy.max : wait * 2;
    return wait;
}

} // namespace

std::string_view to_string(dead_reason value)
{
    switch (value) {
    case dead_reason::attempts_exhausted:
        return "attempts_exhausted";
    case dead_reason::expired:
        return "expired";
    case dead_reason::gone:
        return "gone";
    case dead_reason::refused_address:
        return "refused_address";
    case dead_reason::unregistered:
        return "unregistered";
    }
    return "unknown";
}

bool is_success(const outcome& seen)
{
    return seen.result == http::exchange_result::answered && seen.status >= 200 && seen.status < 300;
}

bool expired(const retry_policy& policy, instant ready_at, instant now)
{
    return now >= ready_at + policy.age_max;
}

verdict plan(const retry_policy& policy, const outcome& seen, unsigned attempt, instant ready_at, instant now,
             double jitter)
{
    if (is_success(seen))
        return delivered{};
    if (seen.result == http::exchange_result::answered && seen.status == status_gone)
        return dead{dead_reason::gone};
    if (seen.result == http::exchange_result::refused_address)
        return dead{dead_reason::refused_address};
    if (attempt >= policy.attempts_max)
        return dead{dead_reason::attempts_exhausted};
    if (expired(policy, ready_at, now))
        return dead{dead_reason::expired};

    const auto jittered_ms = std::llround(static_cast<double>(backoff(policy, attempt).count()) * jitter);
    auto wait = std::chrono::milliseconds{jittered_ms};
    if (seen.retry_after) {
        // Compared in seconds first: an absurd number of seconds would overflow as milliseconds.
        const bool beyond = *seen.retry_after > std::chrono::ceil<std::chrono::seconds>(policy.max);
        const std::chrono::milliseconds asked =
            beyond ? policy.max : std::min<std::chrono::milliseconds>(*seen.retry_after, policy.max);
        wait = std::max(wait, asked);
    }
    return later{std::min(now + wait, ready_at + policy.age_max)};
}

} // namespace outbox
