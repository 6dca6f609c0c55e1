#pragma once

#include "common/http/transport.hpp"
#include "common/runtime/clock.hpp"
#include "common/runtime/gate.hpp"
#include "common/runtime/log.hpp"
#include "common/runtime/random.hpp"
#include "common/runtime/timer.hpp"
#include "common/webhook/secrets.hpp"
#include "sender-service/store.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <deque>
#include <memory>
#include <unordered_set>

namespace sender {

// Who needs it: beyond this, promotion outruns delivery and memory grows with the backlog. What does not fit
// stays in the database and is claimed when there is room.
inline constexpr std::size_t dispatch_queue_max = 4'000;
inline constexpr std::size_t claim_batch = 500;

struct dispatch_settings
{
    retry_policy retry;
    http::exchange_limits limits;
    std::size_t in_flight_max = 512;
};

// Delivers what is due: claim -> sign -> POST -> plan -> record. Holds in memory only what is in flight and a
// bounded queue before it; the database is the backlog. All functions on its loop unless said otherwise.
class dispatcher
{
public:
    // All references must outlive the loop.
    dispatcher(const boost::asio::any_io_executor& loop, store& deliveries, http::transport& transport,
               const runtime::clock& clock, runtime::timers& timers, runtime::random_source random,
               webhook::secrets keys, dispatch_settings settings, runtime::log& log);

    // Starts to claim, with everything that was due before a restart.
    void start();

    // Takes deliveries that were just made; those beyond the queue's limit are claimed later.
    void offer(std::vector<delivery> made);

    // Drops what is queued for a user whose registration changed: it is read again from the database, with
    // the URL that is registered then. What is on the wire stays there.
    void forget(const std::string& user_id);

    // Signs with `keys` from the next attempt on.
    void replace_secrets(webhook::secrets keys);

    // Claims no more and begins no attempt.
    void begin_stop();

    // After begin_stop(): waits at most `grace` for the attempts on the wire and for their outcomes to be
    // recorded. True when nothing is left; false when some attempts are, which from then on are not recorded,
    // so that they are repeated after the next start. May be called again, once the transport was aborted.
    boost::asio::awaitable<bool> drain(std::chrono::milliseconds grace);

private:
    // What became of a try to record.
    struct recording
    {
        bool done = false;
        std::optional<verdict> in_force; // nothing when the delivery was not pending any more
        std::string refusal;             // when it is not done
    };

    boost::asio::awaitable<void> claim_loop();
    boost::asio::awaitable<void> claim();
    boost::asio::awaitable<void> attempt_delivery(delivery due);
    boost::asio::awaitable<void> conclude(const conclusion& what);
    boost::asio::awaitable<recording> try_to_record(const conclusion& what);
    void act_on(const conclusion& what, const verdict& in_force);
    void log_failure(const conclusion& what, const later& retry);
    void enqueue(delivery due);
    void fill_slots();
    bool has_room() const { return held_ == 0 && queue_.size() + claim_batch <= dispatch_queue_max; }
    void look_again_at(instant at);

    boost::asio::any_io_executor loop_;
    store& store_;
    http::transport& transport_;
    const runtime::clock& clock_;
    runtime::timers& timers_;
    runtime::random_source random_;
    webhook::secrets keys_;
    dispatch_settings settings_;
    runtime::log& log_;

    std::unique_ptr<runtime::timer> claim_timer_;
    runtime::gate gate_;
    std::deque<delivery> queue_;
    std::unordered_set<delivery_id> known_; // queued or in flight: a claim passes over them
    std::size_t in_flight_ = 0;
    std::size_t held_ = 0;                   // outcomes that the storage refused, and that are tried again
    instant next_claim_at_ = instant::max(); // of what is pending and not due yet
    bool more_in_store_ = true;              // due, and neither queued nor in flight
    bool stopping_ = false;
    bool abandoned_ = false; // the grace is over: what the wire says from now on is not recorded
};

} // namespace sender
