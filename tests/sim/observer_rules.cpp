#include "common/http/retry_after.hpp"
#include "tests/sim/observer.hpp"

#include <algorithm>
#include <cmath>

namespace sim {

using namespace std::chrono_literals;

namespace {

constexpr std::chrono::seconds lateness_max{20}; // the slots may be taken until an exchange has timed out

// So many waits that are all the same multiple of the backoff are no accident.
constexpr std::size_t jitters_telling = 5;

bool is_success(const http::exchange& seen)
{
    return seen.result == http::exchange_result::answered && seen.status >= 200 && seen.status < 300;
}

} // namespace

bool is_gone(const http::exchange& seen)
{
    return seen.result == http::exchange_result::answered && seen.status == 410;
}

void observer::judge_time(const delivery_facts& facts, const std::string& url)
{
    const auto now = clock_.now();
    if (now >= facts.since + policy_.age_max)
        broken(facts, "an attempt after its age is used up");
    if (!facts.due || users_[facts.user].registering)
        return;
    if (now < *facts.due)
        broken(facts, "an attempt " + std::to_string((*facts.due - now).count()) + " ms early");
    const auto free_since = origins_.free_since(url);
    const bool excused = !free_since || (!excused_.empty() && url.find(excused_) != std::string::npos);
    if (quiet_since_ && *facts.due > *quiet_since_ && !excused &&
        now > std::max(*facts.due, *free_since) + lateness_max)
        broken(facts, "an attempt " + std::to_string((now - *facts.due).count()) + " ms late");
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

void observer::judge(const delivery_facts& facts, const outbox::conclusion& what)
{
    const auto* const ended = std::get_if<outbox::dead>(&what.what);
    const bool expired = ended != nullptr && ended->reason == outbox::dead_reason::expired;
    if (expired && what.at < facts.since + policy_.age_max)
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
    if (what.made->number <= facts.recorded || what.made->number > std::max(facts.recorded, facts.begun) + 1)
        broken(facts,
               "attempt " + std::to_string(what.made->number) + " after " + std::to_string(facts.recorded));
    if (const auto* const retry = std::get_if<outbox::later>(&what.what)) {
        if (what.made->number - facts.before >= policy_.attempts_max ||
            retry->at > facts.since + policy_.age_max)
            broken(facts, "it is retried, and its attempts or its age are used up");
        judge_retry(facts, what, *retry, *facts.seen);
    }
    judge_ending(facts, what, *facts.seen);
}

void observer::judge_ending(const delivery_facts& facts, const outbox::conclusion& what,
                            const http::exchange& seen)
{
    if (is_success(seen) != std::holds_alternative<outbox::delivered>(what.what))
        broken(facts, "delivered is what a 2xx makes it, and nothing else");
    const auto* const ended = std::get_if<outbox::dead>(&what.what);
    const bool gone = ended != nullptr && ended->reason == outbox::dead_reason::gone;
    if (is_gone(seen) != gone)
        broken(facts, "gone is what a 410 makes it, and nothing else");
    const bool exhausted = ended != nullptr && ended->reason == outbox::dead_reason::attempts_exhausted;
    if (exhausted && what.made->number - facts.before < policy_.attempts_max)
        broken(facts, "given up after " + std::to_string(what.made->number) + " attempts");
}

// The spacing that the contract promises: min(max, base * 2^(n-1)) within 20 %, more only for Retry-After.
void observer::judge_retry(const delivery_facts& facts, const outbox::conclusion& what,
                           const outbox::later& retry, const http::exchange& seen)
{
    const double doubled =
        static_cast<double>(policy_.base.count()) * std::exp2(what.made->number - facts.before - 1);
    const double backoff = std::min(doubled, static_cast<double>(policy_.max.count()));
    const double waited = static_cast<double>((retry.at - what.at).count());
    const bool capped = retry.at == facts.since + policy_.age_max;
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
