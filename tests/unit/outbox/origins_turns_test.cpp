#include "tests/catch.hpp"
#include "tests/unit/outbox/origins_fixture.hpp"

using namespace std::chrono_literals;
using http::exchange_result;
using outbox::origin_id;
using test::answered_with;
using test::driven_origins;
using test::failed_with;

namespace {

std::size_t sum(const std::map<origin_id, std::size_t>& counts)
{
    std::size_t all = 0;
    for (const auto& [of, count] : counts)
        all += count;
    return all;
}

} // namespace

TEST_CASE("origins with work get their turns in rounds, whatever their backlogs")
{
    driven_origins w{64};
    constexpr std::size_t count = 10;
    w.prove_all(count);
    for (origin_id of = 1; of <= static_cast<origin_id>(count); ++of)
        w.queue(of, of == 1 ? 2'000 : 100);
    std::map<origin_id, std::size_t> turns;
    for (std::size_t i = 0; i < 1'000; ++i) {
        const auto of = w.begin();
        REQUIRE(of);
        ++turns[*of];
        w.end(*of);
        if ((i + 1) % count == 0)
            for (const auto& [each, taken] : turns)
                REQUIRE(taken == (i + 1) / count);
    }
    CHECK(turns.size() == count);
}

TEST_CASE("an origin has no more attempts on the wire than its cap, whatever its backlog")
{
    driven_origins w{512};
    w.queue(1, 1'000);
    CHECK(w.begin_all().at(1) == 4);
    CHECK_FALSE(w.begin());
    w.end(1);
    CHECK(w.begin_all().at(1) == 2); // one took the place, and one was earned
}

TEST_CASE("an operator's limit for one origin holds")
{
    driven_origins w{512, {.in_flight_max = 2}};
    w.queue(1, 100);
    for (int i = 0; i < 10; ++i) {
        w.begin_all();
        CHECK(w.in_flight(1) == 2);
        w.end(1, answered_with(200), 2);
    }
}

TEST_CASE("there are no more attempts at once than slots")
{
    driven_origins w{5};
    w.prove_all(5);
    for (origin_id of = 1; of <= 5; ++of)
        w.queue(of, 10);
    CHECK(sum(w.begin_all()) == 5);
    w.all.attempt_ends(1, answered_with(200), "", w.now);
    CHECK_FALSE(w.begin()); // its slot is taken until the outcome is recorded
    w.all.concluded(1, w.now);
    CHECK(w.begin());
}

TEST_CASE("one slot serves proven and unproven origins alike")
{
    driven_origins w{1};
    for (origin_id of = 1; of <= 3; ++of)
        w.queue(of, 2);
    std::map<origin_id, std::size_t> turns;
    while (const auto of = w.begin()) {
        ++turns[*of];
        CHECK_FALSE(w.begin());
        w.end(*of, *of == 1 ? failed_with(exchange_result::timeout) : answered_with(200));
    }
    CHECK(turns == std::map<origin_id, std::size_t>{{1, 2}, {2, 2}, {3, 2}});
}

TEST_CASE("origins that have not answered get half of the slots at most")
{
    driven_origins w{16};
    w.prove(11);
    for (origin_id of = 1; of <= 10; ++of)
        w.queue(of, 4);
    CHECK(sum(w.begin_all()) == 8);
    w.queue(11, 4);
    CHECK(w.begin_all() == std::map<origin_id, std::size_t>{{11, 4}});
}

TEST_CASE("an origin that has stopped to answer counts among those that do not")
{
    driven_origins w{16};
    w.prove_all(3);
    for (origin_id of = 1; of <= 3; ++of)
        w.queue(of, 4);
    REQUIRE(sum(w.begin_all()) == 12);
    for (origin_id of = 1; of <= 3; ++of)
        w.end(of, failed_with(exchange_result::connect)); // 9 are on the wire still
    w.queue(4, 1);
    CHECK_FALSE(w.begin());
    w.end(1, answered_with(200)); // and 2 of these are of one that answers again
    CHECK(w.begin() == 4);
}

TEST_CASE("the last eighth of the slots is for origins with few attempts on the wire")
{
    driven_origins w{64};
    w.raise_cap(1, 64);
    w.prove(2);
    w.queue(1, 100);
    CHECK(w.begin_all().at(1) == 56);
    w.queue(2, 10);
    CHECK(w.begin_all().at(2) == 4);
    CHECK(w.in_flight(1) == 56);
}

TEST_CASE("the last sixteenth of the slots is for origins that answer, though the slow and the dead want all")
{
    driven_origins w{64};
    w.raise_cap(1, 64);
    w.prove(2);
    w.queue(1, 100);
    REQUIRE(w.begin_all().at(1) == 56);
    for (origin_id of = 3; of <= 10; ++of)
        w.queue(of, 4);
    CHECK(sum(w.begin_all()) == 4);
    w.queue(2, 10);
    CHECK(w.begin_all() == std::map<origin_id, std::size_t>{{2, 4}});
}

TEST_CASE("an origin that has few on the wire again need not wait behind those with many")
{
    driven_origins w{64};
    w.raise_cap(1, 64);
    w.raise_cap(2, 8);
    w.queue(2, 4);
    REQUIRE(w.begin_all().at(2) == 4);
    w.queue(1, 100);
    REQUIRE(w.begin_all().at(1) == 52);
    w.queue(2, 2); // a large one while it stands in line, which 1 has filled to the last place
    REQUIRE_FALSE(w.begin());
    w.all.attempt_ends(2, answered_with(200), "", w.now);
    CHECK(w.begin() == 2);
}

TEST_CASE("an origin that answers need not wait behind those that do not")
{
    driven_origins w{16};
    for (origin_id of = 1; of <= 10; ++of)
        w.queue(of, 3);
    REQUIRE(sum(w.begin_all()) == 8); // one at each of the first eight, which stand in line for more
    w.end(1, answered_with(404));
    CHECK(w.begin_all() == std::map<origin_id, std::size_t>{{1, 2}, {9, 1}});
}

TEST_CASE("an origin whose turn comes while it is paused or blocked is passed over, and comes again")
{
    driven_origins w{64};
    w.prove_all(3);
    for (origin_id of = 1; of <= 3; ++of)
        w.queue(of, 2);
    w.all.set_paused(2, true, w.now);
    CHECK(w.begin_all() == std::map<origin_id, std::size_t>{{1, 2}, {3, 2}});
    w.all.set_paused(2, false, w.now);
    CHECK(w.begin_all() == std::map<origin_id, std::size_t>{{2, 2}});
}

TEST_CASE("what expires takes a slot until it is recorded, and none on the wire")
{
    driven_origins w{1};
    w.queue(1, 2);
    REQUIRE(w.all.next_turn(w.now) == 1);
    w.all.expires(1, w.now);
    CHECK(w.in_flight(1) == 0);
    CHECK_FALSE(w.all.next_turn(w.now));
    w.all.concluded(1, w.now);
    CHECK(w.begin() == 1);
}
