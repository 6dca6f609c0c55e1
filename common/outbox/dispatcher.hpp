#pragma once

#include "common/http/transport.hpp"
#include "common/outbox/origins.hpp"
#include "common/outbox/queue.hpp"
#include "common/outbox/store.hpp"
#include "common/runtime/clock.hpp"
#include "common/runtime/gate.hpp"
#include "common/runtime/log.hpp"
#include "common/runtime/random.hpp"
#include "common/runtime/timer.hpp"
#include "common/webhook/secrets.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>

namespace outbox {

struct dispatch_settings
{
    retry_policy retry;
    http::exchange_limits limits;
    std::size_t in_flight_max = 512;
    std::size_t origin_in_flight_max = 64;

    // What is older than this has no attempt under way, since the last one began in time.
    std::chrono::milliseconds settled_after() const { return retry.age_max + limits.whole; }
};

// Delivers what is due: claim -> sign -> POST -> plan -> record. Whose turn it is, `origins` says. Holds in
// memory only what is in flight and a bounded queue before it; the database is the backlog. All functions on
// its loop unless said otherwise.
class dispatcher
{
public:
    // All references must outlive the loop.
    dispatcher(const boost::asio::any_io_executor& loop, store& deliveries, http::transport& transport,
               const runtime::clock& clock, runtime::timers& timers, runtime::random_source random,
               webhook::secrets keys, const dispatch_settings& settings, runtime::log& log);

    // Starts to claim, with everything that was due before a restart.
    void start();

    // Takes deliveries that were just made; those beyond what may wait in memory are claimed later.
    void offer(std::vector<delivery> made);

    // Something became due in the store at `due_at`, and was not offered.
    void note_stored(origin_id of, instant due_at);

    // Drops what is queued for a user whose registration changed: it is read again from the database, with
    // the URL that is registered then. What is on the wire stays there.
    void forget(const std::string& user_id);

    void set_paused(origin_id of, bool paused);
    std::vector<origin_report> report(const std::vector<origin_id>& of) const;

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
        recorded result;
        std::string refusal; // when it is not done
    };

    boost::asio::awaitable<void> claim_loop();
    boost::asio::awaitable<void> look_through_store();
    boost::asio::awaitable<void> claim(std::vector<claim_request> wanted);
    void take_claimed(claimed found, instant now);
    boost::asio::awaitable<void> attempt_delivery(delivery due);
    boost::asio::awaitable<void> let_expire(delivery due);
    boost::asio::awaitable<void> conclude(const conclusion& what);
    boost::asio::awaitable<recording> try_to_record(const conclusion& what);
    void leave(const delivery& due);
    void attempt_ended(const delivery& due, const outcome& seen, const std::string& error, instant now);
    void act_on(const conclusion& what, const recorded& result);
    void log_failure(const conclusion& what, const later& retry);
    void log_breaker(const delivery& due, const origin_report& now);
    bool enqueue(delivery due, instant now);
    void shed(origin_id of, instant now);
    void fill_slots();
    bool may_begin() const { return loaded_ && !stopping_ && held_ == 0; }

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
    origins origins_;
    queue queue_;
    std::size_t held_ = 0;   // outcomes that the storage refused, and that are tried again
    bool loaded_ = false;    // which origins are paused is known: attempts may begin
    bool all_known_ = false; // of the origins with work in the store
    instant look_through_at_{instant::min()};
    instant looked_at_{instant::min()};
    instant look_again_at_{instant::min()}; // until when claim_loop() waits, while it does
    bool stopping_ = false;
    bool abandoned_ = false; // the grace is over: what the wire says from now on is not recorded
};

} // namespace outbox
