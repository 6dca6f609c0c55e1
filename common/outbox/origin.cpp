#include "common/outbox/origin.hpp"

#include "common/runtime/planted_defect.hpp"

#include <algorithm>
#include <array>

namespace outbox {

namespace {

bool answered(const outcome& seen)
{
    return seen.result == http::exchange_result::answered;
}

bool timed_out(const outcome& seen)
{
    return seen.result == http::exchange_result::timeout ||
           seen.result == http::exchange_result::connect_timeout;
}

// The failures that say that nobody is there, or that whoever is has too much to do.
bool counts_for_breaker(const outcome& seen)
{
    constexpr std::array<unsigned, 4> statuses{429, 502, 503, 504};
    switch (seen.result) {
    case http::exchange_result::answered:
        return std::find(statuses.begin(), statuses.end(), seen.status) != statuses.end();
    case http::exchange_result::dns:
    case http::exchange_result::connect:
    case http::exchange_result::tls:
    case http::exchange_result::connect_timeout:
    case http::exchange_result::timeout:
        return true;
    case http::exchange_result::refused_address:
    case http::exchange_result::truncated:
    case http::exchange_result::malformed:
        return false;
    }
    return false;
}

bool asks_for_peace(const outcome& seen)
{
    return answered(seen) && (seen.status == 429 || seen.status == 503) && seen.retry_after;
}

} // namespace

std::string_view to_string(breaker_state value)
{
    switch (value) {
    case breaker_state::closed:
        return "closed";
    case breaker_state::open:
        return "open";
    case breaker_state::half_open:
        return "half_open";
    }
    return "unknown";
}

origin::origin(const origin_limits& limits)
    : limits_(limits),
      cap_(std::min(origin_in_flight_initial, limits.in_flight_max))
{}

bool origin::admits(instant now) const
{
    return in_flight_ < room() && now >= blocked_until();
}

std::size_t origin::room() const
{
    if (runtime::planted(runtime::defect::cap_ignored))
        return 100;
    return breaker_ == breaker_state::closed ? cap_ : 1;
}

instant origin::blocked_until() const
{
    if (paused_ || breaker_ == breaker_state::half_open)
        return instant::max();
    return breaker_ == breaker_state::open ? std::max(probe_at_, retry_after_) : retry_after_;
}

void origin::attempt_begins()
{
    ++in_flight_;
    if (breaker_ == breaker_state::open)
        breaker_ = breaker_state::half_open;
}

void origin::attempt_ends(const outcome& seen, instant now)
{
    if (in_flight_ * 2 >= cap_ && is_success(seen))
        cap_ = std::min(cap_ + 1, limits_.in_flight_max);
    if (timed_out(seen))
        cap_ = std::max<std::size_t>(cap_ / 2, 1);
    --in_flight_;
    if (asks_for_peace(seen))
        retry_after_ = std::max(retry_after_, now + std::min(*seen.retry_after, origin_pause_max));
    if (counts_for_breaker(seen)) {
        fail(now);
        return;
    }
    proven_ = answered(seen);
    failures_in_row_ = 0;
    if (!runtime::planted(runtime::defect::breaker_never_closes))
        breaker_ = breaker_state::closed;
}

void origin::fail(instant now)
{
    proven_ = false;
    ++failures_in_row_;
    if (failures_in_row_ < breaker_failures || breaker_ == breaker_state::open)
        return; // what was under way when it opened says nothing new
    breaker_ = breaker_state::open;
    probe_at_ = now + limits_.probe_every;
    cap_ = std::min(cap_, origin_in_flight_initial); // when it is back, it is met as a stranger
}

void origin::clock_set_back(instant now)
{
    probe_at_ = std::min(probe_at_, now + limits_.probe_every);
    retry_after_ = std::min<instant>(retry_after_, now + origin_pause_max);
}

bool origin::forgettable(instant now) const
{
    return in_flight_ == 0 && now >= blocked_until();
}

} // namespace outbox
