#include "common/outbox/origins.hpp"

#include <algorithm>

namespace outbox {

namespace {

constexpr std::chrono::seconds forgetting_pause{1}; // between two searches for what can be forgotten

} // namespace

origins::origins(const origin_limits& limits, std::size_t slots) : limits_(limits), slots_(slots) {}

origins::entry* origins::find_or_add(origin_id of, instant now)
{
    const auto found = known_.find(of);
    if (found != known_.end())
        return &found->second;
    if (known_.size() >= origins_known_max && now >= full_at_ + forgetting_pause) {
        forget_idle(now);
        full_at_ = now;
    }
    if (known_.size() >= origins_known_max) {
        overflowed_ = true;
        return nullptr;
    }
    return &known_.emplace(of, limits_).first->second;
}

void origins::forget_idle(instant now)
{
    std::erase_if(known_, [now](const auto& each) {
        const auto& what = each.second;
        return what.known == 0 && !what.claiming && what.next_due_at == instant::max() &&
               what.state.forgettable(now);
    });
}

void origins::note_stored(origin_id of, instant due_at, instant now)
{
    auto* const what = find_or_add(of, now);
    if (what == nullptr || due_at >= what->next_due_at)
        return;
    what->next_due_at = due_at;
    update(of, *what, now);
}

bool origins::takes(origin_id of, instant now)
{
    const auto* const what = find_or_add(of, now);
    if (what == nullptr || waiting_ >= queue_max || what->next_due_at <= now)
        return false;
    if (what->waiting >= queue_max - waiting_)
        return false; // nobody gets more than is left for the others, so that one alone cannot fill it
    if (!what->state.proven() && unproven_waiting_ >= unproven_max())
        return false;
    return what->waiting < may_wait(of, now);
}

std::size_t origins::may_wait(origin_id of, instant now)
{
    const auto* const what = find_or_add(of, now);
    if (what == nullptr || now < what->state.blocked_until())
        return 0;
    if (what->state.proven())
        return queue_max;
    return what->state.room() - std::min(what->state.room(), what->state.in_flight());
}

void origins::queued(origin_id of, instant now)
{
    auto* const what = find_or_add(of, now);
    uncount_unproven(*what);
    ++what->waiting;
    count_unproven(*what);
    ++what->known;
    ++waiting_;
    update(of, *what, now);
}

void origins::leave_memory(entry& what, std::size_t count)
{
    uncount_unproven(what);
    what.waiting -= count;
    count_unproven(what);
    waiting_ -= count;
}

void origins::unqueued(origin_id of, std::size_t count, instant now)
{
    auto& what = known_.at(of);
    leave_memory(what, count);
    what.known -= count;
    update(of, what, now);
}

void origins::count_unproven(const entry& what)
{
    if (what.state.proven())
        return;
    unproven_in_flight_ += what.state.in_flight();
    unproven_waiting_ += what.waiting;
}

void origins::uncount_unproven(const entry& what)
{
    if (what.state.proven())
        return;
    unproven_in_flight_ -= what.state.in_flight();
    unproven_waiting_ -= what.waiting;
}

void origins::attempt_begins(origin_id of, instant now)
{
    auto& what = known_.at(of);
    leave_memory(what, 1);
    ++busy_;
    uncount_unproven(what);
    what.state.attempt_begins();
    count_unproven(what);
    update(of, what, now);
}

void origins::expires(origin_id of, instant now)
{
    auto& what = known_.at(of);
    leave_memory(what, 1);
    ++busy_;
    update(of, what, now);
}

void origins::attempt_ends(origin_id of, const outcome& seen, const std::string& error, instant now)
{
    auto& what = known_.at(of);
    uncount_unproven(what);
    what.state.attempt_ends(seen, now);
    count_unproven(what);
    if (!is_success(seen)) {
        what.last_error = error;
        what.last_failed_at = now;
    }
    update(of, what, now);
}

void origins::concluded(origin_id of, instant now)
{
    auto& what = known_.at(of);
    --busy_;
    --what.known;
    update(of, what, now);
}

// Puts it into the lines that it belongs to, and plans when to look at it again. It leaves a line only when
// it comes to its head, and has its turn there only if it belongs to that line still: who stood behind those
// that do not answer goes straight into the other line when it does.
void origins::update(origin_id of, entry& what, instant now)
{
    const auto enter = [of](auto& lines, auto& is_in, std::size_t line) {
        if (!is_in.at(line))
            lines.at(line).push_back(of);
        is_in.at(line) = true;
    };
    if (wants_turn(what, now))
        enter(turns_, what.in_turns, static_cast<std::size_t>(kind_of(what)));
    if (wants_claim(what, now))
        enter(claims_, what.in_claims, what.state.proven() ? 0 : 1);
    wake_later(of, what, now);
}

void origins::wake_later(origin_id of, entry& what, instant now)
{
    auto at = instant::max();
    const auto free_at = what.state.blocked_until();
    if (what.waiting > 0 && free_at > now)
        at = free_at;
    if (!what.claiming && what.next_due_at != instant::max() && std::max(what.next_due_at, free_at) > now)
        at = std::min(at, std::max(what.next_due_at, free_at));
    if (at == what.wake_at)
        return;
    waking_.erase({what.wake_at, of});
    if (at != instant::max())
        waking_.emplace(at, of);
    what.wake_at = at;
}

// Each claim looks past what the one before found to be held, so that those of the longest overdue that are
// under way elsewhere hide nothing for longer.
void origins::claimed(origin_id of, std::size_t held, std::optional<instant> next_due_at, instant now)
{
    auto& what = known_.at(of);
    what.claiming = false;
    what.held_elsewhere = held - std::min(held, what.known);
    what.next_due_at = std::min(what.next_due_at, next_due_at.value_or(instant::max()));
    update(of, what, now);
}

void origins::set_paused(origin_id of, bool paused, instant now)
{
    auto& what = known_.try_emplace(of, limits_).first->second; // no pause is forgotten for want of room
    what.state.set_paused(paused);
    update(of, what, now);
}

void origins::advance(instant now)
{
    if (now < looked_at_) {
        // What is due by the clock as it was says little of what is due by the clock as it is.
        for (auto& [of, what] : known_) {
            what.state.clock_set_back(now);
            if (what.next_due_at != instant::max())
                what.next_due_at = std::min(what.next_due_at, now);
            update(of, what, now);
        }
        full_at_ = std::min(full_at_, now);
    }
    looked_at_ = now;
    while (!waking_.empty() && waking_.begin()->first <= now) {
        const auto of = waking_.begin()->second;
        auto& what = known_.at(of);
        waking_.erase(waking_.begin());
        what.wake_at = instant::max();
        update(of, what, now);
    }
}

instant origins::wake_at() const
{
    return waking_.empty() ? instant::max() : waking_.begin()->first;
}

origin_report origins::report(origin_id of, instant now) const
{
    origin_report told;
    const auto found = known_.find(of);
    if (found == known_.end())
        return told;
    const auto& what = found->second;
    told.breaker = what.state.breaker();
    told.cap = what.state.cap();
    told.in_flight = what.state.in_flight();
    told.failures_in_row = what.state.failures_in_row();
    const auto free_at = what.state.blocked_until();
    if (free_at > now && free_at != instant::max())
        told.blocked_until = free_at;
    told.last_error = what.last_error;
    if (!what.last_error.empty())
        told.last_failed_at = what.last_failed_at;
    return told;
}

} // namespace outbox
