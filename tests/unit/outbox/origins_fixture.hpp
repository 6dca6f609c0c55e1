#pragma once

#include "common/outbox/origins.hpp"
#include "tests/unit/outbox/outcomes.hpp"

#include <map>

namespace test {

// The state machine over all origins, with what a dispatcher would tell it in one call each.
class driven_origins
{
public:
    explicit driven_origins(std::size_t slots, const outbox::origin_limits& limits = {}) : all(limits, slots)
    {}

    // So many wait in memory, wherever they came from.
    void queue(outbox::origin_id of, std::size_t count)
    {
        for (std::size_t i = 0; i < count; ++i)
            all.queued(of, now);
    }

    // Begins an attempt at whose turn it is; nothing when it is nobody's.
    std::optional<outbox::origin_id> begin()
    {
        const auto of = all.next_turn(now);
        if (of)
            all.attempt_begins(*of, now);
        return of;
    }

    // Begins all that may begin; answers with how many at each.
    std::map<outbox::origin_id, std::size_t> begin_all()
    {
        std::map<outbox::origin_id, std::size_t> begun;
        while (const auto of = begin())
            ++begun[*of];
        return begun;
    }

    // Ends attempts that are on the wire; their outcomes are recorded at once.
    void end(outbox::origin_id of, const outbox::outcome& seen = answered_with(200), std::size_t count = 1)
    {
        for (std::size_t i = 0; i < count; ++i) {
            all.attempt_ends(of, seen, "an error", now);
            all.concluded(of, now);
        }
    }

    // Lets it answer once, so that it is known to. Nothing else may wait.
    void prove(outbox::origin_id of)
    {
        queue(of, 1);
        end(begin().value());
    }

    // The same for those from 1 to `last`.
    void prove_all(outbox::origin_id last)
    {
        for (outbox::origin_id of = 1; of <= last; ++of)
            prove(of);
    }

    // Lets it answer until its cap is at least `cap`; there must be slots for half of that. Nothing else may
    // wait.
    void raise_cap(outbox::origin_id of, std::size_t cap)
    {
        while (all.report(of, now).cap < cap) {
            const auto offered = all.report(of, now).cap;
            queue(of, offered);
            const auto begun = begin_all().at(of);
            all.unqueued(of, offered - begun, now);
            end(of, answered_with(200), begun);
        }
    }

    std::size_t in_flight(outbox::origin_id of) const { return all.report(of, now).in_flight; }

    outbox::instant now{std::chrono::milliseconds(1'700'000'000'000)};
    outbox::origins all;
};

} // namespace test
