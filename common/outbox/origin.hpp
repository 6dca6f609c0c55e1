#pragma once

#include "common/outbox/retry.hpp"

#include <chrono>
#include <cstddef>
#include <string_view>

namespace outbox {

inline constexpr std::size_t origin_in_flight_initial = 4; // of an origin of which nothing is known
inline constexpr unsigned breaker_failures = 10;           // in a row open the breaker
inline constexpr std::chrono::seconds breaker_probe_every{30};
inline constexpr std::chrono::seconds origin_pause_max{60}; // that Retry-After can ask for

struct origin_limits
{
    std::size_t in_flight_max = 64;
    std::chrono::milliseconds probe_every{breaker_probe_every};
};

enum class breaker_state { closed, open, half_open };

// The word of the API: closed, open or half_open.
std::string_view to_string(breaker_state value);

// What has been learned of one origin (a scheme, host and port), and what may therefore be done there:
// - its cap starts at 4, grows by one with each success that found it at least half used, and is halved by
// each
//   timeout;
// - ten failures in a row of the kinds DNS, connect, TLS, timeout, 429, 502, 503 and 504 open its breaker;
// one
//   probe every `probe_every` then decides; any other outcome interrupts the row;
// - Retry-After on 429 and 503 pauses it for at most a minute, an operator for as long as they like.
// A state machine without I/O; every decision takes the time as an argument.
class origin
{
public:
    explicit origin(const origin_limits& limits);

    // True when one more attempt may begin at `now`.
    bool admits(instant now) const;

    // No attempt may begin before; instant::max() when only a probe's outcome or the operator can tell.
    instant blocked_until() const;

    void attempt_begins();
    void attempt_ends(const outcome& seen, instant now);

    void set_paused(bool by_operator) { paused_ = by_operator; }

    // The clock was set to `now`, which is before: no wait ends later than it could have begun now.
    void clock_set_back(instant now);

    // At most so many attempts run at once, as things stand: one while the breaker is not closed.
    std::size_t room() const;

    // True when the last attempt found somebody who answers. What has not answered yet, or not lately, must
    // not take the places of those who do.
    bool proven() const { return proven_; }

    // True when nothing is under way or blocked at `now`: then to meet it as a stranger costs it nothing, and
    // the others a few attempts if it does not answer still.
    bool forgettable(instant now) const;

    std::size_t cap() const { return cap_; }
    std::size_t in_flight() const { return in_flight_; }
    breaker_state breaker() const { return breaker_; }
    unsigned failures_in_row() const { return failures_in_row_; }
    bool paused() const { return paused_; }
    instant retry_after() const { return retry_after_; } // it asked for peace until then

private:
    void fail(instant now);

    origin_limits limits_;
    std::size_t cap_;
    std::size_t in_flight_ = 0;
    unsigned failures_in_row_ = 0;
    breaker_state breaker_ = breaker_state::closed;
    instant probe_at_ = instant::min();
    instant retry_after_ = instant::min();
    bool paused_ = false;
    bool proven_ = false;
};

} // namespace outbox
