#include "tests/catch.hpp"
#include "tests/unit/outbox/origins_fixture.hpp"

using namespace std::chrono_literals;
using http::exchange_result;
using outbox::breaker_state;
using outbox::instant;
using outbox::origin_id;
using test::answered_with;
using test::driven_origins;
using test::failed_with;

namespace {

// What the store is asked for, by origin; fails when one origin is asked for twice.
std::map<origin_id, std::size_t> claims(driven_origins& w)
{
    std::map<origin_id, std::size_t> asked;
    for (const auto& each : w.all.to_claim(w.now))
        REQUIRE(asked.emplace(each.origin, each.limit).second);
    return asked;
}

using asked = std::map<origin_id, std::size_t>;

void open_breaker(driven_origins& w, origin_id of)
{
    for (unsigned i = 0; i < outbox::breaker_failures; ++i) {
        w.queue(of, 1);
        w.end(w.begin().value(), failed_with(exchange_result::connect));
    }
}

} // namespace

TEST_CASE("of an origin that has not answered no more is asked for than may begin")
{
    driven_origins w{512};
    w.all.note_stored(1, w.now, w.now);
    CHECK(w.all.has_claims());
    CHECK(claims(w) == asked{{1, 4}});
    CHECK(claims(w).empty()); // not until it was answered
    w.queue(1, 3);
    w.all.claimed(1, 0, w.now, w.now);
    CHECK(claims(w) == asked{{1, 4}}); // the three that are known, and one
    w.queue(1, 1);
    w.all.claimed(1, 0, w.now, w.now);
    CHECK(claims(w).empty());
    REQUIRE(w.begin_all().at(1) == 4);
    CHECK(claims(w).empty()); // all that may run do
    w.all.attempt_ends(1, failed_with(exchange_result::connect), "", w.now);
    CHECK(claims(w) == asked{{1, 5}}); // the one that is not recorded yet is known, too
}

TEST_CASE("of an origin that answers some more is asked for, and never more than 500")
{
    driven_origins w{4'096, {.in_flight_max = 1'000}};
    w.prove(1);
    w.all.note_stored(1, w.now, w.now);
    CHECK(claims(w) == asked{{1, 16}}); // four times its cap
    w.all.claimed(1, 0, std::nullopt, w.now);
    w.raise_cap(1, 200);
    w.all.note_stored(1, w.now, w.now);
    CHECK(claims(w) == asked{{1, 500}});
}

TEST_CASE("nothing is asked for before it is due, and it is then")
{
    driven_origins w{512};
    w.all.note_stored(1, w.now + 10s, w.now);
    w.all.note_stored(1, w.now + 20s, w.now);
    CHECK_FALSE(w.all.has_claims());
    CHECK(w.all.wake_at() == w.now + 10s);
    w.all.note_stored(1, w.now + 5s, w.now);
    CHECK(w.all.wake_at() == w.now + 5s);
    w.now += 5s - 1ms;
    w.all.advance(w.now);
    CHECK(claims(w).empty());
    w.now += 1ms;
    w.all.advance(w.now);
    CHECK(claims(w) == asked{{1, 4}});
    CHECK(w.all.wake_at() == instant::max());
}

TEST_CASE("what becomes due while the store is asked is not forgotten")
{
    driven_origins w{512};
    w.all.note_stored(1, w.now, w.now);
    claims(w);
    w.all.note_stored(1, w.now + 3s, w.now);
    w.all.claimed(1, 0, w.now + 7s, w.now);
    CHECK(w.all.wake_at() == w.now + 3s);
    w.now += 3s;
    w.all.advance(w.now);
    CHECK(claims(w) == asked{{1, 4}});
    w.all.claimed(1, 0, w.now + 4s, w.now);
    CHECK(w.all.wake_at() == w.now + 4s);
}

TEST_CASE("each claim looks past what is held elsewhere, until it finds something")
{
    driven_origins w{512};
    w.all.note_stored(1, w.now, w.now);
    CHECK(claims(w) == asked{{1, 4}});
    w.all.claimed(1, 4, w.now, w.now); // on the wire to where their users were registered before
    CHECK(claims(w) == asked{{1, 8}});
    w.all.claimed(1, 8, w.now, w.now);
    CHECK(claims(w) == asked{{1, 12}});
    w.queue(1, 2);
    w.all.claimed(1, 8, std::nullopt, w.now);
    w.all.note_stored(1, w.now, w.now);
    CHECK(claims(w) == asked{{1, 10}}); // the two, what is held elsewhere for all that is known, and two more
    w.all.claimed(1, 2, std::nullopt, w.now);
    w.all.note_stored(1, w.now, w.now);
    CHECK(claims(w) == asked{{1, 4}}); // it is held no longer
}

TEST_CASE("at most 64 origins are asked for at once, those that answer and those that do not by turns")
{
    driven_origins w{512};
    w.prove_all(100);
    for (origin_id of = 1; of <= 200; ++of)
        w.all.note_stored(of, w.now, w.now);
    const auto first = claims(w);
    CHECK(first.size() == 64);
    CHECK(first.contains(1));
    CHECK(first.contains(101));
    std::size_t rest = 0;
    for (auto more = claims(w); !more.empty(); more = claims(w))
        rest += more.size();
    CHECK(rest == 136);
}

TEST_CASE("an origin that is blocked or paused is not asked for until it may be sent to")
{
    driven_origins w{512};
    open_breaker(w, 1);
    w.all.note_stored(1, w.now, w.now);
    w.all.note_stored(2, w.now, w.now);
    w.all.set_paused(2, true, w.now);
    CHECK(claims(w).empty());
    CHECK(w.all.may_wait(1, w.now) == 0);
    CHECK(w.all.may_wait(2, w.now) == 0);
    CHECK(w.all.wake_at() == w.now + 30s);
    w.now += 30s;
    w.all.advance(w.now);
    CHECK(claims(w) == asked{{1, 1}}); // for the probe, whatever its backlog
    w.all.set_paused(2, false, w.now);
    CHECK(claims(w) == asked{{2, 4}});
}

TEST_CASE("what waits in memory for an origin whose Retry-After ends has its turn then")
{
    driven_origins w{512};
    w.prove(1);
    w.queue(1, 2);
    REQUIRE(w.begin() == 1);
    w.end(1, answered_with(503, 7s));
    CHECK_FALSE(w.begin());
    CHECK(w.all.wake_at() == w.now + 7s);
    w.now += 7s;
    w.all.advance(w.now);
    CHECK(w.begin() == 1);
}

TEST_CASE("of a stranger memory takes what may begin at once, and of one with an open breaker nothing")
{
    driven_origins w{512};
    for (int i = 0; i < 4; ++i) {
        CHECK(w.all.takes(1, w.now));
        w.queue(1, 1);
    }
    CHECK_FALSE(w.all.takes(1, w.now));
    w.begin_all();
    CHECK_FALSE(w.all.takes(1, w.now));
    open_breaker(w, 2);
    CHECK_FALSE(w.all.takes(2, w.now));
}

TEST_CASE("when memory is full, who has nothing there is asked for few, whether it answers or is a stranger")
{
    driven_origins w{512};
    w.prove_all(2);
    w.queue(1, outbox::queue_max);
    w.all.note_stored(1, w.now, w.now);
    w.all.note_stored(2, w.now, w.now);
    w.all.note_stored(3, w.now, w.now);
    CHECK(claims(w) == asked{{2, 4}, {3, 4}});
    CHECK_FALSE(w.all.has_claims());
}

TEST_CASE("one claim asks for no more than memory has room for, but for few of each")
{
    driven_origins w{4'096};
    constexpr origin_id count = 40;
    for (origin_id of = 1; of <= count; ++of)
        w.raise_cap(of, 64);
    for (origin_id of = 1; of <= count; ++of)
        w.all.note_stored(of, w.now, w.now);
    std::size_t asked_for = 0;
    for (const auto& [of, size] : claims(w))
        asked_for += size;
    CHECK(asked_for <= outbox::queue_max + count * outbox::small_origin);
    CHECK(asked_for >= outbox::queue_max);
}

TEST_CASE("however many have not answered, they fill no more memory than may begin, and hold up nobody")
{
    driven_origins w{16};
    w.prove(1);
    for (origin_id of = 2; of <= 2'000; ++of)
        w.all.note_stored(of, w.now, w.now);
    std::size_t asked_for = 0;
    for (auto more = claims(w); !more.empty(); more = claims(w))
        for (const auto& [of, count] : more) {
            w.queue(of, count);
            w.all.claimed(of, 0, w.now, w.now);
            asked_for += count;
        }
    CHECK(asked_for == outbox::origins_claimed_max * 4); // one claim, which is more than half of the slots
    CHECK_FALSE(w.all.takes(3'000, w.now));              // nor is there room for another stranger
    CHECK(w.all.takes(1, w.now));
    w.all.note_stored(1, w.now, w.now);
    CHECK(claims(w) == asked{{1, 16}});
    // They go out by and by, and then there is room for more of them.
    while (claims(w).empty()) {
        const auto of = w.begin();
        REQUIRE(of);
        w.end(*of, failed_with(exchange_result::timeout));
        REQUIRE(asked_for-- > 0);
    }
    CHECK(asked_for > 0);
}

TEST_CASE("an origin that answers is asked for although strangers, as it was one, fill all that they may")
{
    driven_origins w{2};
    w.queue(1, 1);
    w.begin_all();
    w.queue(2, 1); // the one that may wait
    w.all.note_stored(1, w.now, w.now);
    CHECK(claims(w).empty());
    w.end(1);
    CHECK(claims(w) == asked{{1, 16}});
}

TEST_CASE("a clock that is set back loses nothing that waits")
{
    driven_origins w{512};
    w.all.advance(w.now);
    w.all.note_stored(1, w.now + 10s, w.now);
    open_breaker(w, 2);
    w.all.note_stored(2, w.now, w.now);
    w.now -= 24h;
    w.all.advance(w.now);
    CHECK(claims(w) == asked{{1, 4}}); // the store knows when it is due
    CHECK(w.all.wake_at() <= w.now + 30s);
    w.now += 30s;
    w.all.advance(w.now);
    CHECK(claims(w) == asked{{2, 1}});
}

TEST_CASE("people are told of an origin what was learned of it")
{
    driven_origins w{512};
    const auto unknown = w.all.report(1, w.now);
    CHECK(unknown.breaker == breaker_state::closed);
    CHECK(unknown.cap == 4);
    CHECK(unknown.last_error.empty());
    CHECK_FALSE(unknown.blocked_until);
    open_breaker(w, 1);
    const auto failed_at = w.now;
    w.now += 10s;
    const auto told = w.all.report(1, w.now);
    CHECK(told.breaker == breaker_state::open);
    CHECK(told.failures_in_row == 10);
    CHECK(told.in_flight == 0);
    CHECK(told.blocked_until == failed_at + 30s);
    CHECK(told.last_error == "an error");
    CHECK(told.last_failed_at == failed_at);
    w.now += 20s;
    CHECK_FALSE(w.all.report(1, w.now).blocked_until);
}
