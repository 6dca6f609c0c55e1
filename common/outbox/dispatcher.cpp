#include "common/outbox/dispatcher.hpp"

#include "common/runtime/errors.hpp"
#include "common/runtime/planted_defect.hpp"
#include "common/runtime/rethrow.hpp"

#include <boost/asio/co_spawn.hpp>

#include <algorithm>

namespace outbox {

namespace asio = boost::asio;

namespace {

constexpr std::size_t origins_looked_at_once = 1'000;
constexpr std::chrono::seconds look_through_pause{30}; // while there are more origins than are held

origin_limits origin_limits_of(const dispatch_settings& settings)
{
    return {.in_flight_max = settings.origin_in_flight_max,
            .probe_every = std::min<std::chrono::milliseconds>(breaker_probe_every, settings.retry.max)};
}

} // namespace

dispatcher::dispatcher(const asio::any_io_executor& loop, store& deliveries, http::transport& transport,
                       const runtime::clock& clock, runtime::timers& timers, runtime::random_source random,
                       webhook::secrets keys, const dispatch_settings& settings, runtime::log& log)
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
      gate_(loop),
      origins_(origin_limits_of(settings), settings.in_flight_max)
{}

void dispatcher::start()
{
    asio::co_spawn(loop_, claim_loop(), runtime::rethrow);
}

void dispatcher::offer(std::vector<delivery> made)
{
    const auto now = clock_.now();
    for (auto& due : made) {
        if (loaded_ && origins_.takes(due.origin, now))
            enqueue(std::move(due), now);
        else
            origins_.note_stored(due.origin, now, now);
    }
    fill_slots();
}

void dispatcher::note_stored(origin_id of, instant due_at)
{
    origins_.note_stored(of, due_at, clock_.now());
    claim_timer_->wake();
}

void dispatcher::forget(const std::string& user_id)
{
    const auto now = clock_.now();
    queue_.forget(user_id, [&](origin_id of) {
        origins_.unqueued(of, 1, now);
        origins_.note_stored(of, now, now);
    });
    claim_timer_->wake();
}

void dispatcher::set_paused(origin_id of, bool paused)
{
    const auto now = clock_.now();
    origins_.set_paused(of, paused, now);
    shed(of, now);
    fill_slots();
    claim_timer_->wake();
}

std::vector<origin_report> dispatcher::report(const std::vector<origin_id>& of) const
{
    std::vector<origin_report> told;
    told.reserve(of.size());
    for (const auto each : of)
        told.push_back(origins_.report(each, clock_.now()));
    return told;
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

// False when it is held already.
bool dispatcher::enqueue(delivery due, instant now)
{
    const auto of = due.origin;
    if (stopping_ || !queue_.push(std::move(due)))
        return false;
    origins_.queued(of, now);
    return true;
}

// Begins what has its turn.
void dispatcher::fill_slots()
{
    const auto now = clock_.now();
    while (may_begin()) {
        const auto of = origins_.next_turn(now);
        if (!of)
            break;
        auto due = queue_.pop(*of);
        if (expired(settings_.retry, due.since, now)) {
            origins_.expires(*of, now);
            asio::co_spawn(loop_, let_expire(std::move(due)), runtime::rethrow);
        }
        else {
            origins_.attempt_begins(*of, now);
            asio::co_spawn(loop_, attempt_delivery(std::move(due)), runtime::rethrow);
        }
    }
    if (may_begin() && (origins_.has_claims() || origins_.wake_at() < look_again_at_))
        claim_timer_->wake();
}

void dispatcher::shed(origin_id of, instant now)
{
    const auto dropped = queue_.shed(of, origins_.may_wait(of, now));
    if (dropped > 0) {
        origins_.unqueued(of, dropped, now);
        origins_.note_stored(of, now, now);
    }
}

asio::awaitable<void> dispatcher::claim_loop()
{
    const runtime::gate::pass inside{gate_};
    while (!stopping_) {
        const auto now = clock_.now();
        origins_.advance(now);
        fill_slots();
        all_known_ = all_known_ && origins_.complete();
        if (now < looked_at_)
            look_through_at_ = now; // it was planned by a clock that has been set back since
        looked_at_ = now;
        if (!all_known_ && now >= look_through_at_) {
            co_await look_through_store();
            continue;
        }
        auto wanted = may_begin() ? origins_.to_claim(now) : std::vector<claim_request>{};
        if (!wanted.empty()) {
            co_await claim(std::move(wanted));
            continue;
        }
        look_again_at_ = all_known_ ? origins_.wake_at() : std::min(origins_.wake_at(), look_through_at_);
        co_await claim_timer_->wait_until(look_again_at_);
        look_again_at_ = instant::min();
    }
}

// Learns which origins have work, at the start and when there were too many of them. No attempt begins before
// it is known which are paused.
asio::awaitable<void> dispatcher::look_through_store()
{
    all_known_ = true;
    look_through_at_ = clock_.now() + look_through_pause;
    try {
        if (!loaded_) {
            const auto paused = co_await store_.paused_origins();
            for (const auto of : paused)
                origins_.set_paused(of, !runtime::planted(runtime::defect::pause_forgotten), clock_.now());
            loaded_ = true;
        }
        origin_id after = 0;
        for (bool more = true; more && !stopping_;) {
            const auto found = co_await store_.find_work(after, origins_looked_at_once);
            for (const auto& each : found)
                origins_.note_stored(each.origin, each.next_due_at, clock_.now());
            more = found.size() == origins_looked_at_once;
            after = found.empty() ? after : found.back().origin;
        }
    }
    catch (const runtime::unavailable& why) {
        log_.warn("claim_refused", {{"reason", why.what()}});
        all_known_ = false;
        look_through_at_ = clock_.now() + storage_pause;
    }
}

asio::awaitable<void> dispatcher::claim(std::vector<claim_request> wanted)
{
    std::vector<claimed> found;
    bool refused = false;
    try {
        found = co_await store_.claim(wanted, clock_.now());
    }
    catch (const runtime::unavailable& why) {
        log_.warn("claim_refused", {{"reason", why.what()}});
        refused = true;
    }
    const auto now = clock_.now();
    if (refused)
        for (const auto& each : wanted)
            origins_.claimed(each.origin, 0, now + storage_pause, now);
    for (auto& each : found)
        take_claimed(std::move(each), now);
}

void dispatcher::take_claimed(claimed found, instant now)
{
    std::size_t held = 0;
    for (auto& due : found.due)
        held += enqueue(std::move(due), now) ? 0 : 1;
    origins_.claimed(found.origin, held, found.next_due_at, now);
    shed(found.origin, now);
}

} // namespace outbox
