#pragma once

#include "common/outbox/delivery.hpp"
#include "common/outbox/origin.hpp"

#include <array>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace outbox {

inline constexpr std::size_t claimed_at_once_max = 500; // of one origin
inline constexpr std::size_t origins_claimed_max = 64;  // in one transaction
inline constexpr std::size_t origins_known_max = 100'000;
inline constexpr std::size_t small_origin = 4; // attempts on the wire, below which the last slots are given
// Who needs it: beyond this, promotion outruns delivery and memory grows with the backlog. What does not fit
// stays in the database and is claimed when there is room.
inline constexpr std::size_t queue_max = 4'000;

// What people are told of an origin.
struct origin_report
{
    breaker_state breaker = breaker_state::closed;
    std::size_t cap = origin_in_flight_initial;
    std::size_t in_flight = 0;
    unsigned failures_in_row = 0;
    std::optional<instant> blocked_until; // by its breaker or Retry-After; nothing when it is not
    std::string last_error;               // empty when there was none
    std::optional<instant> last_failed_at;
};

// Whose turn it is: which origins have work and room, in rounds, and which of them the store is to be asked
// for. Knows of each origin how much waits in memory and when its next delivery in the store is due, never
// its backlog. A state machine without I/O.
//
// Of all slots, at most half go to origins that have not answered lately. The last eighth is not for those
// that answer and have 4 attempts or more on the wire, the last sixteenth only for those that answer and have
// fewer, so that the dead and the slow cannot take all of them, not even together. Nor is more taken into
// memory for those who have not answered than may begin there, but for one claim.
//
// Holds at most 100,000 origins, and those that are paused. Beyond that, work of others is not noticed until
// complete() becomes true again and find_work is asked anew.
class origins
{
public:
    origins(const origin_limits& limits, std::size_t slots);

    // Something is pending in the store alone, due at `due_at`.
    void note_stored(origin_id of, instant due_at, instant now);

    // True when one more may wait in memory: there is room, and nothing older is left in the store.
    bool takes(origin_id of, instant now);

    void queued(origin_id of, instant now);                      // one more waits in memory
    void unqueued(origin_id of, std::size_t count, instant now); // they are in the store alone again

    // The origin whose first in memory may begin now; nothing when none may.
    std::optional<origin_id> next_turn(instant now);

    // One that waited leaves memory, for an attempt or because it is too old for one. Each takes a slot until
    // its conclusion is recorded.
    void attempt_begins(origin_id of, instant now);
    void expires(origin_id of, instant now);
    void attempt_ends(origin_id of, const outcome& seen, const std::string& error, instant now);
    void concluded(origin_id of, instant now);

    // How many may wait in memory while things stand as they do; the rest is to be dropped.
    std::size_t may_wait(origin_id of, instant now);

    // What the store is to be asked for. Until claimed() is told, nothing more is asked for these.
    std::vector<claim_request> to_claim(instant now);
    bool has_claims() const;

    // The store has answered, or refused. `held` of what it found were held already: here, or on the wire to
    // the origin that their users were registered at before.
    void claimed(origin_id of, std::size_t held, std::optional<instant> next_due_at, instant now);

    void set_paused(origin_id of, bool paused, instant now);

    // What waited for `now` or before has its chance. Also notices when the clock was set back.
    void advance(instant now);

    // When to call advance() next, if nothing happens before.
    instant wake_at() const;

    // False when there was no room for an origin with work since the last call.
    bool complete() { return !std::exchange(overflowed_, false); }

    origin_report report(origin_id of, instant now) const;
    breaker_state breaker(origin_id of) const { return known_.at(of).state.breaker(); } // there is an attempt

private:
    enum class kind { small, large, unproven }; // of an origin with a turn
    static constexpr std::size_t kinds = 3;

    struct entry
    {
        explicit entry(const origin_limits& limits) : state(limits) {}
        origin state;
        std::size_t waiting = 0;             // in memory
        std::size_t known = 0;               // waiting, on the wire, or not yet recorded
        std::size_t held_elsewhere = 0;      // of its own in the store, at least
        instant next_due_at{instant::max()}; // of those in the store alone
        instant wake_at{instant::max()};
        std::array<bool, kinds> in_turns{}; // in which lines of turns_ it is
        std::array<bool, 2> in_claims{};    // and of claims_
        bool claiming = false;
        std::string last_error;
        instant last_failed_at;
    };

    entry* find_or_add(origin_id of, instant now);
    void forget_idle(instant now);
    void update(origin_id of, entry& what, instant now);
    void wake_later(origin_id of, entry& what, instant now);
    void leave_memory(entry& what, std::size_t count);
    void count_unproven(const entry& what);
    void uncount_unproven(const entry& what);
    std::size_t unproven_max() const;
    bool wants_turn(const entry& what, instant now) const;
    bool wants_claim(const entry& what, instant now) const;
    bool has_claims_of(std::size_t line) const;
    std::size_t claim_size(const entry& what, std::size_t in_memory) const;
    kind kind_of(const entry& what) const;
    bool slots_left(kind for_whom) const;

    origin_limits limits_;
    std::size_t slots_;
    std::unordered_map<origin_id, entry> known_;
    std::array<std::deque<origin_id>, kinds> turns_;
    std::size_t next_kind_ = 0;
    std::array<std::deque<origin_id>, 2> claims_; // of the proven, of the others
    std::size_t next_claims_ = 0;
    std::set<std::pair<instant, origin_id>> waking_;
    std::size_t waiting_ = 0;            // in memory, of all
    std::size_t busy_ = 0;               // slots that are taken
    std::size_t unproven_in_flight_ = 0; // on the wire, of all unproven
    std::size_t unproven_waiting_ = 0;   // in memory, of all unproven
    instant looked_at_{instant::min()};
    instant full_at_{instant::min()}; // when nothing could be forgotten
    bool overflowed_ = false;
};

} // namespace outbox
