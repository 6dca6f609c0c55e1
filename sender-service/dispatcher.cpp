#include "sender-service/dispatcher.hpp"

#include "common/runtime/crash_point.hpp"
#include "common/runtime/errors.hpp"
#include "common/runtime/planted_defect.hpp"
#include "common/runtime/rethrow.hpp"
#include "sender-service/attempt.hpp"

#include <boost/asio/co_spawn.hpp>

#include <algorithm>

namespace sender {

namespace asio = boost::asio;

dispatcher::dispatcher(const asio::any_io_executor& loop, store& deliveries, http::transport& transport,
                       const runtime::clock& clock, runtime::timers& timers, runtime::random_source random,
                       webhook::secrets keys, dispatch_settings settings, runtime::log& log)
    : loop_(loop),
      store_(deliveries),
      transport_(transport),
      clock_(clock),
      timers_(timers),
      random_(std::move(random)),
      keys_(std::move(keys)),
      settings_(settings),
      log_(log),
      claim_timer_(timers.make(loop)),
      gate_(loop)
{}

void dispatcher::start()
{
    asio::co_spawn(loop_, claim_loop(), runtime::rethrow);
}

void dispatcher::offer(std::vector<delivery> made)
{
    for (auto& due : made) {
        if (queue_.size() >= dispatch_queue_max) {
            more_in_store_ = true;
            break;
        }
        enqueue(std::move(due));
    }
    fill_slots();
}

void dispatcher::forget(const std::string& user_id)
{
    const auto of_user = [&](const delivery& queued) { return queued.user_id == user_id; };
    for (const auto& queued : queue_)
        if (of_user(queued))
            known_.erase(queued.id);
    std::erase_if(queue_, of_user);
    look_again_at(clock_.now());
}

void dispatcher::replace_secrets(webhook::secrets keys)
{
    keys_ = std::move(keys);
}

void dispatcher::begin_stop()
{
    stopping_ = true;
    queue_.clear();
    claim_timer_->wake();
}

asio::awaitable<bool> dispatcher::drain(std::chrono::milliseconds grace)
{
    const bool empty = co_await gate_.wait_empty(grace);
    abandoned_ = !empty;
    co_return empty;
}

void dispatcher::enqueue(delivery due)
{
    if (!stopping_ && known_.insert(due.id).second)
        queue_.push_back(std::move(due));
}

void dispatcher::fill_slots()
{
    while (!stopping_ && held_ == 0 && in_flight_ < settings_.in_flight_max && !queue_.empty()) {
        ++in_flight_;
        asio::co_spawn(loop_, attempt_delivery(std::move(queue_.front())), runtime::rethrow);
        queue_.pop_front();
    }
    if (more_in_store_ && has_room())
        claim_timer_->wake();
}

void dispatcher::look_again_at(instant at)
{
    if (at < next_claim_at_) {
        next_claim_at_ = at;
        claim_timer_->wake();
    }
}

asio::awaitable<void> dispatcher::claim_loop()
{
    const runtime::gate::pass inside{gate_};
    auto looked_at = clock_.now();
    while (!stopping_) {
        // When the wall clock was set back, what was known of the next due time is not to be relied on.
        const auto now = clock_.now();
        more_in_store_ = more_in_store_ || now >= next_claim_at_ || now < looked_at;
        looked_at = now;
        if (more_in_store_ && has_room()) {
            co_await claim();
            continue;
        }
        const auto look_again = more_in_store_ ? instant::max() : next_claim_at_;
        co_await claim_timer_->wait_until(look_again);
    }
}

asio::awaitable<void> dispatcher::claim()
{
    // Reset before the storage is asked: what is noticed while it answers lowers them again.
    next_claim_at_ = instant::max();
    more_in_store_ = false;
    const auto limit = known_.size() + claim_batch;
    due_deliveries found;
    bool refused = false;
    try {
        found = co_await store_.claim_due(clock_.now(), limit);
    }
    catch (const runtime::unavailable& why) {
        log_.warn("claim_refused", {{"reason", why.what()}});
        refused = true;
    }
    if (refused) {
        look_again_at(clock_.now() + storage_pause);
        co_return;
    }
    more_in_store_ = more_in_store_ || found.due.size() == limit;
    if (found.next_due_at)
        look_again_at(*found.next_due_at);
    for (auto& due : found.due)
        enqueue(std::move(due));
    fill_slots();
}

asio::awaitable<void> dispatcher::attempt_delivery(delivery due)
{
    const runtime::gate::pass inside{gate_};
    const auto started_at = clock_.now();
    conclusion result;
    result.id = due.id;
    result.user_id = due.user_id;
    result.registration = due.registration;
    if (expired(settings_.retry, due.ready_at, started_at)) {
        result.what = dead{dead_reason::expired};
        result.at = started_at;
    }
    else {
        auto request = signed_request(keys_, due, started_at);
        if (runtime::planted(runtime::defect::recorded_before_response)) {
            result.at = started_at;
            co_await conclude(result);
        }
        const auto seen = co_await transport_.post(std::move(request), settings_.limits);
        runtime::crash_at(runtime::crash_point::after_post);
        result.at = clock_.now();
        const bool jittered = !runtime::planted(runtime::defect::retried_without_jitter);
        const double jitter = jittered ? runtime::uniform(random_, jitter_min, jitter_max) : 1.0;
        result.what = plan(settings_.retry, outcome_of(seen, result.at), due.attempts_made + 1, due.ready_at,
                           result.at, jitter);
        result.made = describe_attempt(due, seen, started_at, result.at);
    }
    const auto id = due.id;
    if (!abandoned_) {
        co_await conclude(result);
    }
    known_.erase(id);
    --in_flight_;
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
    if (result.in_force)
        act_on(what, *result.in_force);
}

asio::awaitable<dispatcher::recording> dispatcher::try_to_record(const conclusion& what)
{
    recording result;
    try {
        result.in_force = co_await store_.record(what);
        result.done = true;
    }
    catch (const runtime::unavailable& why) {
        result.refusal = why.what();
    }
    co_return result;
}

void dispatcher::act_on(const conclusion& what, const verdict& in_force)
{
    const auto number = what.made ? what.made->number : 0;
    if (const auto* retry = std::get_if<later>(&in_force)) {
        look_again_at(retry->at);
        log_failure(what, *retry);
    }
    else if (const auto* ended = std::get_if<dead>(&in_force)) {
        if (ended->reason == dead_reason::gone)
            forget(what.user_id);
        log_.warn("delivery_dead", {{"delivery", what.id},
                                    {"user", what.user_id},
                                    {"reason", to_string(ended->reason)},
                                    {"attempts", number}});
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

} // namespace sender
