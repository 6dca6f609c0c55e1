// Random events against the state machine over all origins, with what must hold after each.
#include "tests/catch.hpp"
#include "tests/support/seeded_random.hpp"
#include "tests/unit/outbox/origins_fixture.hpp"

#include <algorithm>
#include <set>

using namespace std::chrono_literals;
using http::exchange_result;
using outbox::breaker_state;
using outbox::origin_id;
using outbox::outcome;
using test::answered_with;
using test::failed_with;

namespace {

constexpr std::size_t slots = 24;
constexpr std::size_t limit = 6;
constexpr origin_id origins = 12;

// What the model knows of an origin, from what it did itself.
struct modelled
{
    std::size_t stored = 0;  // due in the store
    std::size_t waiting = 0; // in memory
    std::size_t on_wire = 0;
    std::size_t ended = 0; // and not recorded
    bool claiming = false;
    bool paused = false;
};

// A store, a network and an operator that do whatever their seed draws.
class model
{
public:
    explicit model(std::uint64_t seed) : random_(seed) {}

    void step()
    {
        now_ += std::chrono::milliseconds{random_.below(400)};
        all_.advance(now_);
        const auto of = any();
        switch (random_.below(9)) {
        case 0:
        case 1:
            return make(of, 1 + random_.below(20));
        case 2:
        case 3:
            return end_one(of);
        case 4:
            return record_one(of);
        case 5:
            return begin();
        case 6:
            return ask_store();
        case 7:
            return answer_store(of);
        default:
            if (random_.chance(0.2))
                pause(of, random_.chance(0.3));
        }
        if (random_.chance(0.001))
            now_ -= std::chrono::hours{1};
    }

    // Nothing must hold for a caller's own mistakes; this must after every step.
    void check()
    {
        std::size_t busy = 0;
        for (auto& [of, what] : known_) {
            const auto told = all_.report(of, now_);
            INFO("origin " << of);
            REQUIRE(told.in_flight == what.on_wire);
            REQUIRE(told.cap >= 1);
            REQUIRE(told.cap <= limit);
            busy += what.on_wire + what.ended;
        }
        REQUIRE(busy <= slots);
    }

    // From now on everybody answers, nobody is paused, and nothing new is made.
    void heal()
    {
        healthy_ = true;
        for (origin_id of = 1; of <= origins; ++of)
            pause(of, false);
    }

    // One round of all that can happen, and half a minute.
    void work_off()
    {
        for (int i = 0; i < 200; ++i) {
            all_.advance(now_);
            ask_store();
            for (origin_id of = 1; of <= origins; ++of)
                answer_store(of);
            begin();
            for (origin_id of = 1; of <= origins; ++of) {
                end_one(of);
                record_one(of);
            }
            check();
        }
        now_ += 30s;
    }

    bool done() const
    {
        return std::all_of(known_.begin(), known_.end(), [](const auto& each) {
            const auto& what = each.second;
            return what.stored + what.waiting + what.on_wire + what.ended == 0;
        });
    }

    // Nothing is left that would hold back anybody.
    void check_idle()
    {
        CHECK_FALSE(all_.next_turn(now_));
        CHECK(all_.to_claim(now_).empty());
        for (std::size_t i = 0; i < slots; ++i) { // every slot is free, for a few of each
            const auto of = static_cast<origin_id>(i % origins) + 1;
            all_.queued(of, now_);
            const auto turn = all_.next_turn(now_);
            REQUIRE(turn == of);
            all_.attempt_begins(of, now_);
        }
    }

private:
    origin_id any() { return 1 + static_cast<origin_id>(random_.below(origins)); }

    // Even origins are healthy most of the time, odd ones seldom answer.
    outcome draw_outcome(origin_id of)
    {
        if (healthy_ || random_.chance(of % 2 == 0 ? 0.95 : 0.1))
            return answered_with(200);
        const std::vector<outcome> bad{answered_with(404),
                                       answered_with(503),
                                       answered_with(429, 5s),
                                       answered_with(503, 300s),
                                       failed_with(exchange_result::connect),
                                       failed_with(exchange_result::connect),
                                       failed_with(exchange_result::timeout),
                                       failed_with(exchange_result::timeout),
                                       failed_with(exchange_result::malformed)};
        return random_.pick(bad);
    }

    void make(origin_id of, std::size_t count)
    {
        auto& what = known_[of];
        for (std::size_t i = 0; i < count; ++i) {
            if (all_.takes(of, now_)) {
                all_.queued(of, now_);
                ++what.waiting;
            }
            else {
                ++what.stored;
                all_.note_stored(of, now_, now_);
            }
        }
    }

    void begin()
    {
        while (const auto of = all_.next_turn(now_)) {
            auto& what = known_[*of];
            const auto told = all_.report(*of, now_);
            INFO("origin " << *of);
            REQUIRE(what.waiting > 0);
            REQUIRE_FALSE(what.paused);
            REQUIRE(what.on_wire < told.cap);
            REQUIRE((told.breaker == breaker_state::closed || what.on_wire == 0));
            REQUIRE_FALSE(told.blocked_until);
            --what.waiting;
            if (random_.chance(0.02)) {
                all_.expires(*of, now_);
                ++what.ended;
                continue;
            }
            all_.attempt_begins(*of, now_);
            ++what.on_wire;
        }
    }

    void end_one(origin_id of)
    {
        auto& what = known_[of];
        if (what.on_wire == 0)
            return;
        --what.on_wire;
        ++what.ended;
        all_.attempt_ends(of, draw_outcome(of), "", now_);
        shed(of);
    }

    void record_one(origin_id of)
    {
        auto& what = known_[of];
        if (what.ended == 0)
            return;
        --what.ended;
        all_.concluded(of, now_);
    }

    void shed(origin_id of)
    {
        auto& what = known_[of];
        const auto keep = all_.may_wait(of, now_);
        if (what.waiting <= keep)
            return;
        const auto dropped = what.waiting - keep;
        all_.unqueued(of, dropped, now_);
        all_.note_stored(of, now_, now_);
        what.waiting -= dropped;
        what.stored += dropped;
    }

    void ask_store()
    {
        for (const auto& wanted : all_.to_claim(now_)) {
            auto& what = known_[wanted.origin];
            INFO("origin " << wanted.origin);
            REQUIRE_FALSE(what.claiming);
            REQUIRE_FALSE(what.paused);
            REQUIRE(wanted.limit > what.waiting + what.on_wire + what.ended);
            REQUIRE(wanted.limit <= what.waiting + what.on_wire + what.ended + 4 * limit);
            what.claiming = true;
            limits_[wanted.origin] = wanted.limit;
        }
    }

    // Finds first what is known already, as a store does that is asked for the longest overdue.
    void answer_store(origin_id of)
    {
        auto& what = known_[of];
        if (!what.claiming)
            return;
        what.claiming = false;
        if (!healthy_ && random_.chance(0.1)) {
            all_.claimed(of, 0, now_ + 500ms, now_);
            return;
        }
        const auto known = what.waiting + what.on_wire + what.ended;
        const auto room = limits_[of] - std::min(limits_[of], known);
        const auto found = std::min(room, what.stored);
        what.stored -= found;
        what.waiting += found;
        for (std::size_t i = 0; i < found; ++i)
            all_.queued(of, now_);
        all_.claimed(of, std::min(known, limits_[of]),
                     known + found >= limits_[of] ? std::optional{now_} : std::nullopt, now_);
        shed(of);
    }

    void pause(origin_id of, bool paused)
    {
        known_[of].paused = paused;
        all_.set_paused(of, paused, now_);
        shed(of);
    }

    test::seeded_random random_;
    outbox::instant now_{1'700'000'000'000ms};
    outbox::origins all_{{.in_flight_max = limit, .probe_every = 30s}, slots};
    std::map<origin_id, modelled> known_;
    std::map<origin_id, std::size_t> limits_;
    bool healthy_ = false;
};

} // namespace

TEST_CASE("no event in any order breaks a cap, a slot or a pause, and all work is done in the end")
{
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        INFO("seed " << seed);
        model m{seed};
        for (int i = 0; i < 5'000; ++i) {
            m.step();
            m.check();
        }
        m.heal();
        for (int i = 0; i < 200 && !m.done(); ++i)
            m.work_off();
        REQUIRE(m.done());
        m.check_idle();
    }
}
