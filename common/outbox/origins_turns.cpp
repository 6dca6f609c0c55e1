#include "common/outbox/origins.hpp"

#include <algorithm>

namespace outbox {

namespace {

constexpr std::size_t claimed_ahead = 4; // times what may be on the wire at once

} // namespace

bool origins::wants_turn(const entry& what, instant now) const
{
    return what.waiting > 0 && what.state.admits(now);
}

bool origins::wants_claim(const entry& what, instant now) const
{
    return !what.claiming && what.next_due_at <= now && now >= what.state.blocked_until() &&
           what.waiting < what.state.room() && claim_size(what, waiting_) > 0;
}

// What is not proven gets no more than it may begin at once, and when memory is full nobody gets much.
// `in_memory` is what waits there, with what was asked for just before.
std::size_t origins::claim_size(const entry& what, std::size_t in_memory) const
{
    const auto room = what.state.room();
    if (!what.state.proven())
        return room - std::min(room, what.state.in_flight() + what.waiting);
    const auto few = std::min(room, small_origin);
    if (in_memory >= queue_max)
        return what.waiting == 0 ? few : 0;
    return std::min({room * claimed_ahead, claimed_at_once_max, std::max(queue_max - in_memory, few)});
}

origins::kind origins::kind_of(const entry& what) const
{
    if (!what.state.proven())
        return kind::unproven;
    return what.state.in_flight() < small_origin ? kind::small : kind::large;
}

// Of the slots, and of what waits for one.
std::size_t origins::unproven_max() const
{
    return std::max<std::size_t>(slots_ / 2, 1);
}

bool origins::slots_left(kind for_whom) const
{
    switch (for_whom) {
    case kind::small:
        return busy_ < slots_;
    case kind::large:
        return busy_ < slots_ - slots_ / 8;
    case kind::unproven:
        return busy_ < slots_ - slots_ / 16 && unproven_in_flight_ < unproven_max();
    }
    return false;
}

std::optional<origin_id> origins::next_turn(instant now)
{
    for (std::size_t tried = 0; tried < kinds; ++tried) {
        const auto current = next_kind_;
        const auto which = static_cast<kind>(current);
        auto& line = turns_.at(current);
        next_kind_ = (next_kind_ + 1) % kinds;
        while (!line.empty() && slots_left(which)) {
            const auto of = line.front();
            line.pop_front();
            const auto found = known_.find(of);
            if (found == known_.end())
                continue;
            auto& what = found->second;
            what.in_turns.at(current) = false;
            if (!wants_turn(what, now))
                continue;
            if (kind_of(what) == which)
                return of;
            update(of, what, now);
            tried = 0; // it went to another line, which may have been tried already
        }
    }
    return std::nullopt;
}

// No more is taken for those who may never be rid of it than may begin. That is little, so that memory which
// the slow have filled for minutes holds up no stranger. Those who answer share twice what memory is meant to
// hold: when it is full, each gets a few all the same, and there may be many of them.
bool origins::has_claims_of(std::size_t line) const
{
    if (claims_.at(line).empty())
        return false;
    return line == 0 ? waiting_ < 2 * queue_max : unproven_waiting_ < unproven_max();
}

bool origins::has_claims() const
{
    return has_claims_of(0) || has_claims_of(1);
}

std::vector<claim_request> origins::to_claim(instant now)
{
    std::vector<claim_request> wanted;
    auto in_memory = waiting_;
    while (has_claims() && wanted.size() < origins_claimed_max) {
        // In turns, so that however many answer, who has not been asked yet is asked too.
        const auto current = has_claims_of(next_claims_) ? next_claims_ : 1 - next_claims_;
        next_claims_ = 1 - current;
        auto& line = claims_.at(current);
        const auto of = line.front();
        line.pop_front();
        const auto found = known_.find(of);
        if (found == known_.end())
            continue;
        auto& what = found->second;
        what.in_claims.at(current) = false;
        const auto size = claim_size(what, in_memory);
        if (size == 0 || !wants_claim(what, now))
            continue; // for want of room it comes again when one of its own leaves memory
        in_memory += size;
        what.claiming = true;
        what.next_due_at = instant::max();
        wanted.push_back({of, what.known + what.held_elsewhere + size});
        update(of, what, now);
    }
    return wanted;
}

} // namespace outbox
