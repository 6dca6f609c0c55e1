#pragma once

#include "common/http/exchange.hpp"
#include "common/outbox/dispatcher.hpp"
#include "tests/sim/journal.hpp"
#include "tests/sim/time.hpp"

#include <map>
#include <optional>
#include <string>

namespace sim {

// What may be done to each origin, from the contract's words: its cap, its breaker, the peace that it asks
// for and an operator's pause. Tells the journal of an attempt that breaks them.
class origin_rules
{
public:
    origin_rules(const scheduler& time, const wall_clock& sender_clock,
                 const outbox::dispatch_settings& settings, journal& log)
        : time_(time),
          clock_(sender_clock),
          settings_(settings),
          journal_(log)
    {}

    void attempt_begins(const std::string& url);
    void attempt_ends(const std::string& url, const http::exchange& how);

    // The operator's pause of an origin, as far as it is certain.
    void paused(const std::string& origin) { paused_since_.emplace(origin, time_.now()); }
    void resuming(const std::string& origin) { paused_since_.erase(origin); }
    void resumed(const std::string& origin) { origins_[origin].free_since = clock_.now(); }

    // A new life knows nothing of what the old one learned, but for the operator's pauses.
    void sender_died() { origins_.clear(); }

    // What was planned by the clock as it was is planned anew.
    void clock_will_be_set();

    // Since when, by the sender's clock, nothing has held this origin back; nothing when something does.
    std::optional<outbox::instant> free_since(const std::string& url) const;

private:
    struct origin_facts
    {
        std::size_t cap = 0;
        std::size_t in_flight = 0;
        unsigned failures_in_row = 0;
        bool open = false;
        bool probing = false;
        std::optional<outbox::instant> probe_at;
        std::optional<outbox::instant> retry_after;
        outbox::instant free_since{outbox::instant::min()};
    };

    origin_facts& facts_of(const std::string& origin);
    void judge(const std::string& origin, const origin_facts& facts);
    void fail(origin_facts& facts);
    std::chrono::milliseconds probe_every() const;

    const scheduler& time_;
    const wall_clock& clock_;
    outbox::dispatch_settings settings_;
    journal& journal_;
    std::map<std::string, origin_facts> origins_;
    std::map<std::string, duration> paused_since_;
};

} // namespace sim
