#pragma once

#include "common/http/exchange.hpp"
#include "common/webhook/instant.hpp"

#include <chrono>
#include <optional>
#include <string_view>
#include <variant>

namespace outbox {

using webhook::instant;

inline constexpr double jitter_min = 0.8;
inline constexpr double jitter_max = 1.2;

// What one attempt led to, as the dispatcher saw it.
struct outcome
{
    http::exchange_result result = http::exchange_result::answered;
    unsigned status = 0;                             // of the response, when answered
    std::optional<std::chrono::seconds> retry_after; // from now, when the response named one
};

// True for what delivers: the head of a 2xx came, whatever became of its body.
bool is_success(const outcome& seen);

struct retry_policy
{
    std::chrono::milliseconds base{1'000};
    std::chrono::milliseconds max{21'600'000};
    unsigned attempts_max = 20; // the first one counts
    std::chrono::hours age_max{72};
};

enum class dead_reason { attempts_exhausted, expired, gone, refused_address, unregistered };

// The word of the API and of the database.
std::string_view to_string(dead_reason value);

struct delivered
{
    friend bool operator==(const delivered&, const delivered&) = default;
};

struct later
{
    instant at;
    friend bool operator==(const later&, const later&) = default;
};

struct dead
{
    dead_reason reason;
    friend bool operator==(const dead&, const dead&) = default;
};

using verdict = std::variant<delivered, later, dead>;

// Says what becomes of a delivery after its `attempt`-th try (1-based) ended as `seen` at `now`.
// A 2xx delivers; 410 and a refused address are final; all else is retried after
// min(max, base * 2^(attempt-1)) * jitter. `jitter` is drawn uniformly from [0.8, 1.2] by the caller, so that
// a test can choose it. Retry-After (RFC 9110, 10.2.3) can delay the next attempt up to `policy.max`, never
// hasten it. No attempt is planned past `ready_at + age_max`: what is due later is due then, to expire.
verdict plan(const retry_policy& policy, const outcome& seen, unsigned attempt, instant ready_at, instant now,
             double jitter);

// True when a delivery is too old for another attempt at `now`.
bool expired(const retry_policy& policy, instant ready_at, instant now);

} // namespace outbox
