#include "tests/sim/origin_rules.hpp"

#include "common/http/retry_after.hpp"
#include "common/http/url.hpp"

#include <algorithm>

namespace sim {

using namespace std::chrono_literals;
using result = http::exchange_result;

namespace {

constexpr std::size_t cap_of_a_stranger = 4;
constexpr unsigned failures_that_open = 10;

std::string origin_of(const std::string& url)
{
    return http::parse_url(url)->origin();
}

bool is_success(const http::exchange& seen)
{
    return seen.result == result::answered && seen.status >= 200 && seen.status < 300;
}

bool is_timeout(const http::exchange& seen)
{
    return seen.result == result::timeout || seen.result == result::connect_timeout;
}

bool opens_breakers(const http::exchange& seen)
{
    if (seen.result == result::answered)
        return seen.status == 429 || seen.status == 502 || seen.status == 503 || seen.status == 504;
    return is_timeout(seen) || seen.result == result::dns || seen.result == result::connect ||
           seen.result == result::tls;
}

} // namespace

std::chrono::milliseconds origin_rules::probe_every() const
{
    return std::min<std::chrono::milliseconds>(30s, settings_.retry.max);
}

origin_rules::origin_facts& origin_rules::facts_of(const std::string& origin)
{
    auto& facts = origins_[origin];
    if (facts.cap == 0)
        facts.cap = std::min(cap_of_a_stranger, settings_.origin_in_flight_max);
    return facts;
}

void origin_rules::judge(const std::string& origin, const origin_facts& facts)
{
    const auto broken = [&](const std::string& how) { journal_.violation(origin + ": " + how); };
    const auto paused = paused_since_.find(origin);
    if (paused != paused_since_.end() && paused->second < time_.now())
        broken("an attempt, and an operator has it paused");
    if (facts.retry_after && clock_.now() < *facts.retry_after)
        broken("an attempt before it may be asked again");
    if (facts.open && (facts.in_flight > 0 || (facts.probe_at && clock_.now() < *facts.probe_at)))
        broken("an attempt through its open breaker");
    if (facts.in_flight >= facts.cap)
        broken("attempt " + std::to_string(facts.in_flight + 1) + " at once, above its cap of " +
               std::to_string(facts.cap));
}

void origin_rules::attempt_begins(const std::string& url)
{
    const auto origin = origin_of(url);
    auto& facts = facts_of(origin);
    judge(origin, facts);
    ++facts.in_flight;
    facts.probing = facts.open;
}

void origin_rules::attempt_ends(const std::string& url, const http::exchange& how)
{
    auto& facts = facts_of(origin_of(url));
    if (facts.in_flight == 0)
        return; // it began in a life that is over
    --facts.in_flight;
    if (is_success(how))
        facts.cap = std::min(facts.cap + 1, settings_.origin_in_flight_max);
    if (is_timeout(how))
        facts.cap = std::max<std::size_t>(facts.cap / 2, 1);
    if (how.retry_after && how.result == result::answered && (how.status == 429 || how.status == 503)) {
        const auto asked = http::parse_retry_after(*how.retry_after, clock_.now()).value_or(0s);
        const auto until = clock_.now() + std::min<std::chrono::seconds>(asked, 60s);
        facts.retry_after = facts.retry_after ? std::max(*facts.retry_after, until) : until;
    }
    if (opens_breakers(how)) {
        fail(facts);
        return;
    }
    if (facts.open)
        facts.free_since = clock_.now();
    facts.failures_in_row = 0;
    facts.open = facts.probing = false;
}

void origin_rules::fail(origin_facts& facts)
{
    ++facts.failures_in_row;
    const bool opens = !facts.open && facts.failures_in_row >= failures_that_open;
    if (opens || facts.probing) {
        facts.probe_at = clock_.now() + probe_every();
        facts.cap = std::min(facts.cap, cap_of_a_stranger);
    }
    facts.open = facts.open || opens;
    facts.probing = false;
}

void origin_rules::clock_will_be_set()
{
    for (auto& [origin, facts] : origins_) {
        facts.probe_at.reset();
        facts.retry_after.reset();
    }
}

std::optional<outbox::instant> origin_rules::free_since(const std::string& url) const
{
    const auto origin = origin_of(url);
    const auto found = origins_.find(origin);
    if (found == origins_.end())
        return outbox::instant::min();
    const auto& facts = found->second;
    if (facts.open || paused_since_.contains(origin))
        return std::nullopt;
    return std::max(facts.free_since, facts.retry_after.value_or(outbox::instant::min()));
}

} // namespace sim
