#include "tests/sim/observer.hpp"

#include "common/webhook/event.hpp"
#include "common/webhook/signature.hpp"

#include <algorithm>

namespace sim {

void observer::broken(const delivery_facts& facts, const std::string& how)
{
    journal_.violation(facts.key + " of " + facts.user + ": " + how);
}

observer::delivery_facts& observer::facts_of(const std::string& key)
{
    auto& facts = deliveries_[key];
    if (facts.key.empty()) {
        facts.key = key;
        broken(facts, "sent before the store knew of its delivery");
    }
    return facts;
}

void observer::know(const sender::delivery& each, std::optional<sender::instant> due)
{
    auto& facts = deliveries_[each.idempotency_key];
    if (!facts.key.empty())
        return;
    facts.key = each.idempotency_key;
    facts.user = each.user_id;
    facts.since = each.since;
    facts.before = each.attempts_before;
    facts.due = due;
    facts.recorded = each.attempts_made;
    keys_[each.id] = each.idempotency_key;
}

void observer::started(const std::string& user, const sender::started_session& session)
{
    auto& until = users_[user].session_until;
    if (session.began && until && *until > clock_.now())
        journal_.violation(user + " began a session while another ran");
    const sender::room_waits promised;
    const auto& when = session.schedule;
    if (when.waiting_at != when.started_at + promised.waiting_after ||
        when.ready_at != when.started_at + promised.ready_after)
        journal_.violation(user + " has a session with other waits than were promised");
    until = session.schedule.ready_at;
    sessions_[session.session_id] = session.schedule;
}

void observer::promoted(const std::vector<sender::delivery>& made)
{
    for (const auto& each : made) {
        // The clock may have been set back since the promoter looked at it.
        const bool clock_agrees = each.since <= clock_.now();
        if (users_[each.user_id].unregistered)
            journal_.violation(each.user_id + " is unregistered, and got a delivery");
        know(each, clock_agrees ? std::optional{each.since} : std::nullopt);
        for (const auto& [session, schedule] : sessions_)
            if (webhook::idempotency_key_of(session) == each.idempotency_key &&
                each.since < schedule.ready_at)
                broken(deliveries_[each.idempotency_key], "READY came before its time");
    }
}

void observer::claimed(const std::vector<sender::delivery>& due)
{
    for (const auto& each : due) {
        know(each, std::nullopt);
        auto& facts = deliveries_[each.idempotency_key];
        if (each.since != facts.since || each.attempts_before != facts.before)
            begin_series(facts, each);
    }
}

void observer::begin_series(delivery_facts& facts, const sender::delivery& again)
{
    if (again.attempts_before < facts.recorded || again.attempts_before < facts.before)
        broken(facts, "a new series of attempts that forgets attempts");
    facts.since = again.since;
    facts.before = again.attempts_before;
    facts.due.reset();
    facts.forbidden.reset(); // only what belongs to a registered user is sent again
}

void observer::registering(const std::string& user)
{
    users_[user].registering = true;
    users_[user].unregistered = false;
}

void observer::registered(const std::string& user, const std::string& url)
{
    auto& facts = users_[user];
    facts.registering = false;
    facts.url = url;
    facts.url_since = time_.now();
    due_at_any_time(user); // at once, at the new URL
}

void observer::due_at_any_time(const std::string& user)
{
    for (auto& [key, facts] : deliveries_)
        if (facts.user == user)
            facts.due.reset();
}

void observer::unregistered(const std::string& user)
{
    users_[user].url.reset();
    users_[user].unregistered = !users_[user].registering;
    for (auto& [key, facts] : deliveries_)
        if (facts.user == user)
            facts.forbidden = time_.now();
}

void observer::sender_died()
{
    origins_.sender_died();
    for (auto& [user, facts] : users_) {
        if (!facts.registering)
            continue;
        facts.registering = false; // it came to pass or not: nobody can tell
        facts.url.reset();
        due_at_any_time(user);
    }
    for (auto& [key, facts] : deliveries_) {
        facts.in_flight = false;
        facts.unrecorded = false;
        facts.seen.reset();
    }
}

// What was due before it is set back was claimed already, perhaps, and what ran has ended.
void observer::clock_will_be_set()
{
    origins_.clock_will_be_set();
    for (auto& [key, facts] : deliveries_)
        if (facts.due && *facts.due <= clock_.now())
            facts.due.reset();
    for (auto& [user, facts] : users_)
        facts.session_until.reset();
}

std::string observer::attempt_begins(const http::outgoing& message)
{
    const auto id = std::find_if(message.headers.begin(), message.headers.end(),
                                 [](const auto& each) { return each.name == webhook::standard_id_header; });
    auto& facts = facts_of(id->value);
    journal_.note("observer", "attempt of " + facts.key);
    if (facts.in_flight)
        broken(facts, "two attempts at the same time");
    judge_time(facts, message.url);
    origins_.attempt_begins(message.url);
    if (facts.unrecorded)
        broken(facts, "an attempt before the outcome of the last one is recorded");
    judge_target(facts, message.url);
    facts.in_flight = true;
    facts.seen.reset();
    return facts.key;
}

void observer::attempt_ends(const std::string& key, const std::string& url, const http::exchange& how)
{
    origins_.attempt_ends(url, how);
    auto& facts = facts_of(key);
    journal_.note("observer", "attempt of " + key + " ended: " + std::string(to_string(how.result)) + " " +
                                  std::to_string(how.status));
    facts.in_flight = false;
    facts.seen = how;
    if (is_gone(how)) {
        facts.told_gone = true;
        users_[facts.user].told_gone_at = time_.now();
    }
}

void observer::recording(const outbox::conclusion& what)
{
    const auto key = keys_.find(what.id);
    if (key == keys_.end()) {
        journal_.violation("an outcome is recorded of a delivery that never was");
        return;
    }
    auto& facts = deliveries_[key->second];
    judge(facts, what);
    if (what.made)
        facts.begun = std::max(facts.begun, what.made->number);
    facts.unrecorded = true;
}

void observer::recorded(const outbox::conclusion& what, const std::optional<outbox::verdict>& in_force)
{
    auto& facts = deliveries_[keys_[what.id]];
    facts.unrecorded = false;
    if (what.made)
        facts.recorded = std::max(facts.recorded, what.made->number);
    facts.recorded_delivered =
        facts.recorded_delivered || std::holds_alternative<outbox::delivered>(what.what);
    facts.due.reset();
    const auto* const retry = in_force ? std::get_if<outbox::later>(&*in_force) : nullptr;
    if (retry != nullptr && !users_[facts.user].registering)
        facts.due = retry->at;
    const auto* const ended = in_force ? std::get_if<outbox::dead>(&*in_force) : nullptr;
    if (ended != nullptr && ended->reason == outbox::dead_reason::gone)
        unregistered(facts.user);
}

std::optional<duration> observer::told_gone_at(const std::string& user) const
{
    const auto found = users_.find(user);
    return found == users_.end() ? std::nullopt : found->second.told_gone_at;
}

bool observer::was_recorded_delivered(const std::string& key) const
{
    const auto found = deliveries_.find(key);
    return found != deliveries_.end() && found->second.recorded_delivered;
}

void observer::acknowledged(const std::string& key, bool duplicate)
{
    const bool first = acknowledged_.insert(key).second;
    journal_.note("observer", key + (duplicate ? " acknowledged as a duplicate" : " acknowledged"));
    if (!first && !duplicate)
        journal_.violation(key + " was accepted again after it had been acknowledged");
}

bool observer::was_told_gone(const std::string& key) const
{
    const auto found = deliveries_.find(key);
    return found != deliveries_.end() && found->second.told_gone;
}

} // namespace sim
