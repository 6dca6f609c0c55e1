#pragma once

#include "common/http/transport.hpp"
#include "sender-service/store.hpp"
#include "tests/sim/journal.hpp"
#include "tests/sim/origin_rules.hpp"
#include "tests/sim/time.hpp"
#include "tests/sim/wire_watch.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace sim {

// Did the receiver say 410?
bool is_gone(const http::exchange& seen);

// Watches both services at their borders, the store's and the network's, and tells the journal as soon as a
// promise is broken. Knows the rules from the contract, not from the code that it judges; only Retry-After
// it reads as the product does.
class observer final : public wire_watch
{
public:
    observer(const scheduler& time, const wall_clock& sender_clock, const outbox::dispatch_settings& settings,
             journal& log)
        : time_(time),
          clock_(sender_clock),
          policy_(settings.retry),
          journal_(log),
          origins_(time, sender_clock, settings, log)
    {}

    origin_rules& origins() { return origins_; }

    // From now on nobody answers at this host, for long: what goes there may be late.
    void excuse(const std::string& host) { excused_ = host; }

    // The sender's store.
    void started(const std::string& user, const sender::started_session& session);
    void promoted(const std::vector<sender::delivery>& made);
    void claimed(const std::vector<sender::delivery>& due);
    void registering(const std::string& user);
    void registered(const std::string& user, const std::string& url);
    void unregistered(const std::string& user);
    void recording(const outbox::conclusion& what);
    void recorded(const outbox::conclusion& what, const std::optional<outbox::verdict>& in_force);

    // The sender's wire.
    std::string attempt_begins(const http::outgoing& message) override;
    void attempt_ends(const std::string& key, const std::string& url, const http::exchange& how) override;

    // The sender's machine: a new life knows nothing of what the old one had in flight.
    void sender_died();
    void clock_will_be_set();

    // The receiver answered 200.
    void acknowledged(const std::string& key, bool duplicate);

    // The keys that the receiver answered 200 for.
    const std::set<std::string>& acknowledged_keys() const { return acknowledged_; }
    bool was_told_gone(const std::string& key) const;

    // Its success was recorded; then it counts, whatever else came to pass.
    bool was_recorded_delivered(const std::string& key) const;

    // From now on nothing goes wrong any more. A timer may still notice late that the clock was set, and then
    // let an origin rest for as long as it may ask for.
    void faults_cease() { quiet_since_ = clock_.now() + runtime::timer_wait_max + outbox::origin_pause_max; }

    // When the user was last told 410, if ever.
    std::optional<duration> told_gone_at(const std::string& user) const;

    // What can be judged only when all is over.
    void finish();

private:
    struct delivery_facts
    {
        std::string key;
        std::string user;
        sender::instant since;              // READY, or when it was asked for again
        std::optional<sender::instant> due; // nothing: at any time
        unsigned before = 0;                // attempts of earlier series
        unsigned recorded = 0;              // the number of the last attempt that was recorded
        unsigned begun = 0;                // of the last one whose record was begun: it may be stored, or not
        std::optional<duration> forbidden; // since its user was unregistered
        bool in_flight = false;
        bool unrecorded = false; // an outcome of this life is not recorded yet
        bool told_gone = false;
        bool recorded_delivered = false;
        std::optional<http::exchange> seen; // of the attempt under way
    };

    // What the store has confirmed of a user.
    struct user_facts
    {
        std::optional<sender::instant> session_until; // the READY of the session that runs
        bool registering = false;                     // a registration is under way
        bool unregistered = false;                    // for certain
        std::optional<std::string> url;               // that attempts go to, when it is certain
        duration url_since{0};
        std::optional<duration> told_gone_at;
    };

    void due_at_any_time(const std::string& user);
    void judge_time(const delivery_facts& facts, const std::string& url);
    void begin_series(delivery_facts& facts, const sender::delivery& again);
    void judge_target(const delivery_facts& facts, const std::string& url);
    delivery_facts& facts_of(const std::string& key);
    void know(const sender::delivery& each, std::optional<sender::instant> due);
    void judge(const delivery_facts& facts, const outbox::conclusion& what);
    void judge_ending(const delivery_facts& facts, const outbox::conclusion& what,
                      const http::exchange& seen);
    void judge_retry(const delivery_facts& facts, const outbox::conclusion& what, const outbox::later& retry,
                     const http::exchange& seen);
    void broken(const delivery_facts& facts, const std::string& how);

    const scheduler& time_;
    const wall_clock& clock_;
    outbox::retry_policy policy_;
    journal& journal_;
    origin_rules origins_;
    std::string excused_;
    std::optional<sender::instant> quiet_since_;
    std::map<std::string, sender::room_schedule> sessions_; // by session id
    std::map<std::string, delivery_facts> deliveries_;      // by key
    std::map<sender::delivery_id, std::string> keys_;
    std::map<std::string, user_facts> users_;
    std::set<std::string> acknowledged_;
    std::map<std::pair<std::string, unsigned>, double> jitters_; // by key and number of the attempt
};

} // namespace sim
