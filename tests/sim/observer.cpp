#include "tests/sim/observer.hpp"

#include "common/http/retry_after.hpp"
#include "common/webhook/event.hpp"
#include "common/webhook/signature.hpp"

#include <algorithm>
#include <cmath>

namespace sim {

using namespace std::chrono_literals;

namespace {

// So many waits that are all the same multiple of the backoff are no accident.
constexpr std::size_t jitters_telling = 5;

bool is_success(const http::exchange& seen)
{
    return seen.result == http::exchange_result::answered && seen.status >= 200 && seen.status < 300;
}

bool is_gone(const http::exchange& seen)
{
    return seen.result == http::exchange_result::answered && seen.status == 410;
}

} // namespace

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
    facts.ready_at = each.ready_at;
    facts.due = due;
    facts.recorded = each.attempts_made;
    keys_[each.id] = each.idempotency_key;
}

void observer::started(const std::string& user, const sender::started_session& session)
{
    auto& until = users_[user].session_until;
    if (session.began && until && *until > clock_.now())
        journal_.violation(user + " began a session while another ran");
    until = session.schedule.ready_at;
    sessions_[session.session_id] = session.schedule;
}

void observer::promoted(const std::vector<sender::delivery>& made)
{
    for (const auto& each : made) {
        // The clock may have been set back since the promoter looked at it.
        const bool clock_agrees = each.ready_at <= clock_.now();
        know(each, clock_agrees ? std::optional{each.ready_at} : std::nullopt);
        for (const auto& [session, schedule] : sessions_)
            if (webhook::idempotency_key_of(session) == each.idempotency_key &&
                each.ready_at < schedule.ready_at)
                broken(deliveries_[each.idempotency_key], "READY came before its time");
    }
}

void observer::claimed(const std::vector<sender::delivery>& due)
{
    for (const auto& each : due)
        know(each, std::nullopt);
}

void observer::registering(const std::string& user)
{
    users_[user].registering = true;
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
    for (auto& [key, facts] : deliveries_)
        if (facts.user == user)
            facts.forbidden = time_.now();
}

void observer::sender_died()
{
    for (auto& [user, facts] : users_) {
        if (!facts.registering)
            continue;
        facts.registering = false; // it came to pass or not: nobody can tell
        facts.url.reset();
        due_at_any_time(user);
    }
    for (auto& [key, facts] : deliveries_) {
        facts.in_flight = false;
        facts.seen.reset();
    }
}

// What was due before it is set back was claimed already, perhaps, and what ran has ended.
void observer::clock_will_be_set()
{
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
    if (facts.due && clock_.now() < *facts.due && !users_[facts.user].registering)
        broken(facts, "an attempt " + std::to_string((*facts.due - clock_.now()).count()) + " ms early");
    judge_target(facts, message.url);
    facts.in_flight = true;
    facts.seen.reset();
    return facts.key;
}

// An attempt that began at the same instant as the change was on its way already.
void observer::judge_target(const delivery_facts& facts, const std::string& url)
{
    const auto& user = users_[facts.user];
    if (facts.forbidden && *facts.forbidden < time_.now())
        broken(facts, "an attempt after its user was unregistered");
    if (!user.registering && user.url && user.url_since < time_.now() && url != *user.url)
        broken(facts, "an attempt at " + url + ", and " + *user.url + " is registered");
}

void observer::attempt_ends(const std::string& key, const http::exchange& how)
{
    auto& facts = facts_of(key);
    journal_.note("observer", "attempt of " + key + " ended: " + std::string(to_string(how.result)) + " " +
                                  std::to_string(how.status));
    facts.in_flight = false;
    facts.seen = how;
    facts.told_gone = facts.told_gone || is_gone(how);
}

void observer::recording(const sender::conclusion& what)
{
    const auto key = keys_.find(what.id);
    if (key == keys_.end()) {
        journal_.violation("an outcome is recorded of a delivery that never was");
        return;
    }
    auto& facts = deliveries_[key->second];
    judge(facts, what);
    ++facts.unseen;
}

void observer::judge(const delivery_facts& facts, const sender::conclusion& what)
{
    const auto* const ended = std::get_if<sender::dead>(&what.what);
    const bool expired = ended != nullptr && ended->reason == sender::dead_reason::expired;
    if (expired && what.at < facts.ready_at + policy_.age_max)
        broken(facts, "expired before its age");
    if (!what.made) {
        if (!expired)
            broken(facts, "an outcome without an attempt");
        return;
    }
    if (!facts.seen) {
        broken(facts, "an outcome is recorded before the response");
        return;
    }
    if (what.made->number <= facts.recorded || what.made->number > facts.recorded + facts.unseen + 1)
        broken(facts,
               "attempt " + std::to_string(what.made->number) + " after " + std::to_string(facts.recorded));
    if (const auto* const retry = std::get_if<sender::later>(&what.what))
        judge_retry(facts, what, *retry, *facts.seen);
    judge_ending(facts, what, *facts.seen);
}

void observer::judge_ending(const delivery_facts& facts, const sender::conclusion& what,
                            const http::exchange& seen)
{
    if (is_success(seen) != std::holds_alternative<sender::delivered>(what.what))
        broken(facts, "delivered is what a 2xx makes it, and nothing else");
    const auto* const ended = std::get_if<sender::dead>(&what.what);
    const bool gone = ended != nullptr && ended->reason == sender::dead_reason::gone;
    if (is_gone(seen) != gone)
        broken(facts, "gone is what a 410 makes it, and nothing else");
    const bool exhausted = ended != nullptr && ended->reason == sender::dead_reason::attempts_exhausted;
    if (exhausted && what.made->number < policy_.attempts_max)
        broken(facts, "given up after " + std::to_string(what.made->number) + " attempts");
}

// The spacing that the contract promises: min(max, base * 2^(n-1)) within 20 %, more only for Retry-After.
void observer::judge_retry(const delivery_facts& facts, const sender::conclusion& what,
                           const sender::later& retry, const http::exchange& seen)
{
    const double doubled = static_cast<double>(policy_.base.count()) * std::exp2(what.made->number - 1);
    const double backoff = std::min(doubled, static_cast<double>(policy_.max.count()));
    const double waited = static_cast<double>((retry.at - what.at).count());
    const bool capped = retry.at == facts.ready_at + policy_.age_max;
    double least = 0.8 * backoff;
    double most = 1.2 * backoff;
    if (seen.retry_after) {
        const auto asked = http::parse_retry_after(*seen.retry_after, what.at).value_or(0s);
        const auto heeded =
            static_cast<double>(std::min<std::chrono::milliseconds>(asked, policy_.max).count());
        least = std::max(least, heeded);
        most = std::max(most, heeded);
    }
    else if (!capped) {
        jitters_[{facts.key, what.made->number}] = waited / backoff; // a refused record is tried again
    }
    if (waited > most + 1 || (waited < least - 1 && !capped))
        broken(facts, "retry " + std::to_string(what.made->number) + " is due after " +
                          std::to_string(waited) + " ms, outside " + std::to_string(least) + " to " +
                          std::to_string(most));
}

void observer::recorded(const sender::conclusion& what, const std::optional<sender::verdict>& in_force)
{
    auto& facts = deliveries_[keys_[what.id]];
    facts.unseen = 0;
    if (what.made)
        facts.recorded = std::max(facts.recorded, what.made->number);
    facts.due.reset();
    const auto* const retry = in_force ? std::get_if<sender::later>(&*in_force) : nullptr;
    if (retry != nullptr && !users_[facts.user].registering)
        facts.due = retry->at;
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

void observer::finish()
{
    if (jitters_.size() < jitters_telling)
        return;
    const auto less = [](const auto& left, const auto& right) { return left.second < right.second; };
    const auto [least, most] = std::minmax_element(jitters_.begin(), jitters_.end(), less);
    if (most->second - least->second < 0.001)
        journal_.violation("all " + std::to_string(jitters_.size()) +
                           " retries wait the same multiple of the backoff");
}

} // namespace sim
