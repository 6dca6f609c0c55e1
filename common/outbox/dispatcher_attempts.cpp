#include "common/http/url.hpp"
#include "common/outbox/attempt.hpp"
#include "common/outbox/dispatcher.hpp"
#include "common/runtime/crash_point.hpp"
#include "common/runtime/errors.hpp"
#include "common/runtime/planted_defect.hpp"

namespace outbox {

namespace asio = boost::asio;

namespace {

conclusion conclusion_of(const delivery& due)
{
    conclusion result;
    result.id = due.id;
    result.user_id = due.user_id;
    result.registration = due.registration;
    result.attempts = due.attempts_made;
    result.since = due.since;
    return result;
}

std::string error_of(const http::exchange& seen)
{
    return seen.result == http::exchange_result::answered ? "answered " + std::to_string(seen.status)
                                                          : seen.error;
}

} // namespace

asio::awaitable<void> dispatcher::attempt_delivery(delivery due)
{
    const runtime::gate::pass inside{gate_};
    const auto started_at = clock_.now();
    auto result = conclusion_of(due);
    auto request = signed_request(keys_, due, started_at);
    if (runtime::planted(runtime::defect::recorded_before_response)) {
        result.at = started_at;
        co_await conclude(result);
    }
    const auto seen = co_await transport_.post(std::move(request), settings_.limits);
    runtime::crash_at(runtime::crash_point::after_post);
    result.at = clock_.now();
    const auto judged = outcome_of(seen, result.at);
    const bool jittered = !runtime::planted(runtime::defect::retried_without_jitter);
    const double jitter = jittered ? runtime::uniform(random_, jitter_min, jitter_max) : 1.0;
    const auto attempt_of_series = due.attempts_made + 1 - due.attempts_before;
    result.what = plan(settings_.retry, judged, attempt_of_series, due.since, result.at, jitter);
    result.attempts = due.attempts_made + 1;
    result.made = describe_attempt(due, seen, started_at, result.at);
    attempt_ended(due, judged, error_of(seen), result.at);
    if (!abandoned_) {
        co_await conclude(result);
    }
    leave(due);
}

asio::awaitable<void> dispatcher::let_expire(delivery due)
{
    const runtime::gate::pass inside{gate_};
    auto result = conclusion_of(due);
    result.what = dead{dead_reason::expired};
    result.at = clock_.now();
    co_await conclude(result);
    leave(due);
}

// The wire is free for the next; the slot is not, until the outcome is recorded.
void dispatcher::attempt_ended(const delivery& due, const outcome& seen, const std::string& error,
                               instant now)
{
    const auto before = origins_.breaker(due.origin);
    origins_.attempt_ends(due.origin, seen, error, now);
    if (origins_.breaker(due.origin) != before)
        log_breaker(due, origins_.report(due.origin, now));
    shed(due.origin, now);
    fill_slots();
}

void dispatcher::leave(const delivery& due)
{
    queue_.release(due.id);
    origins_.concluded(due.origin, clock_.now());
    fill_slots();
}

// Tries until it is recorded or the service stops: an outcome that is lost would repeat the POST for want of
// a row. While any is held, no attempt begins whose outcome could not be recorded either.
asio::awaitable<void> dispatcher::conclude(const conclusion& what)
{
    auto result = co_await try_to_record(what);
    const bool held = !result.done;
    if (held && held_++ == 0)
        log_.warn("outcomes_held", {{"reason", result.refusal}});
    while (!result.done && !stopping_) {
        const auto pause = timers_.make(loop_);
        const auto again_at = clock_.now() + storage_pause;
        co_await pause->wait_until(again_at);
        result = co_await try_to_record(what);
    }
    if (held && --held_ == 0)
        log_.info("outcomes_recorded");
    if (result.done)
        act_on(what, result.result);
}

asio::awaitable<dispatcher::recording> dispatcher::try_to_record(const conclusion& what)
{
    recording tried;
    try {
        tried.result = co_await store_.record(what);
        tried.done = true;
    }
    catch (const runtime::unavailable& why) {
        tried.refusal = why.what();
    }
    co_return tried;
}

void dispatcher::act_on(const conclusion& what, const recorded& result)
{
    if (!result.in_force)
        return;
    if (const auto* retry = std::get_if<later>(&*result.in_force)) {
        note_stored(result.origin, retry->at);
        log_failure(what, *retry);
    }
    else if (const auto* ended = std::get_if<dead>(&*result.in_force)) {
        if (ended->reason == dead_reason::gone)
            forget(what.user_id);
        log_.warn("delivery_dead", {{"delivery", what.id},
                                    {"user", what.user_id},
                                    {"reason", to_string(ended->reason)},
                                    {"attempts", what.attempts}});
    }
}

// The first failure of a delivery is news; those that follow are expected until something is done about it.
void dispatcher::log_failure(const conclusion& what, const later& retry)
{
    if (!what.made)
        return;
    const auto& made = *what.made;
    const auto next = webhook::to_iso8601_millis(retry.at);
    const runtime::log_fields fields{
        {"delivery", what.id},   {"user", what.user_id},  {"attempt", made.number},
        {"result", made.result}, {"status", made.status}, {"error", made.error},
        {"next", next}};
    if (made.number == 1)
        log_.warn("attempt_failed", fields);
    else
        log_.debug("attempt_failed", fields);
}

void dispatcher::log_breaker(const delivery& due, const origin_report& now)
{
    const auto target = http::parse_url(due.callback_url);
    const auto origin = target ? target->origin() : due.callback_url;
    if (now.breaker == breaker_state::closed)
        log_.info("breaker_closed", {{"origin", origin}});
    else if (now.failures_in_row == breaker_failures)
        log_.warn("breaker_opened",
                  {{"origin", origin}, {"failures", now.failures_in_row}, {"error", now.last_error}});
}

} // namespace outbox
