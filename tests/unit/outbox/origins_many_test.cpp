#include "tests/catch.hpp"
#include "tests/unit/outbox/origins_fixture.hpp"

using namespace std::chrono_literals;
using outbox::origin_id;
using test::driven_origins;

namespace {

constexpr auto most = static_cast<origin_id>(outbox::origins_known_max);

void note_all(driven_origins& w, outbox::instant due_at)
{
    for (origin_id of = 1; of <= most; ++of)
        w.all.note_stored(of, due_at, w.now);
}

// Asks for what every origin has in the store, which is nothing any more.
void claim_nothing(driven_origins& w)
{
    for (auto wanted = w.all.to_claim(w.now); !wanted.empty(); wanted = w.all.to_claim(w.now))
        for (const auto& each : wanted)
            w.all.claimed(each.origin, 0, std::nullopt, w.now);
}

} // namespace

TEST_CASE("beyond the most origins that are held, work is not noticed, and that is told once")
{
    driven_origins w{512};
    note_all(w, w.now + 1h);
    CHECK(w.all.complete());
    w.all.note_stored(most + 1, w.now, w.now);
    CHECK_FALSE(w.all.has_claims());
    CHECK_FALSE(w.all.takes(most + 1, w.now));
    CHECK_FALSE(w.all.complete());
    CHECK(w.all.complete());
    CHECK(w.all.may_wait(most + 1, w.now) == 0);
}

TEST_CASE("origins without work make room for others, a second after none could at the latest")
{
    driven_origins w{512};
    note_all(w, w.now);
    w.all.note_stored(most + 1, w.now, w.now);
    REQUIRE_FALSE(w.all.complete());
    claim_nothing(w);
    w.now += 1s;
    w.all.note_stored(most + 1, w.now, w.now);
    CHECK(w.all.complete());
    CHECK(w.all.to_claim(w.now).size() == 1);
}

TEST_CASE("origins that did not answer, and of which nothing is pending any more, make room for others")
{
    driven_origins w{512};
    for (origin_id of = 1; of <= most; ++of) {
        w.queue(of, 1);
        w.begin();
        w.end(of, test::failed_with(http::exchange_result::dns));
    }
    w.all.note_stored(most + 1, w.now, w.now);
    CHECK(w.all.complete());
    CHECK(w.all.to_claim(w.now).size() == 1);
}

TEST_CASE("a clock that is set back does not put off that room is made")
{
    driven_origins w{512};
    w.all.advance(w.now);
    note_all(w, w.now + 1h);
    w.all.note_stored(most + 1, w.now, w.now);
    REQUIRE_FALSE(w.all.complete());
    w.now -= 24h;
    w.all.advance(w.now);
    claim_nothing(w);
    w.now += 1s;
    w.all.note_stored(most + 1, w.now, w.now);
    CHECK(w.all.complete());
}

TEST_CASE("a pause holds although there was no room to hold another origin")
{
    driven_origins w{512};
    note_all(w, w.now + 1h);
    w.all.set_paused(most + 1, true, w.now);
    w.all.note_stored(most + 1, w.now, w.now);
    CHECK(w.all.may_wait(most + 1, w.now) == 0);
    CHECK_FALSE(w.all.has_claims());
    w.all.set_paused(most + 1, false, w.now);
    CHECK(w.all.has_claims());
}
