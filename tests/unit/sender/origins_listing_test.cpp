#include "tests/catch.hpp"
#include "tests/unit/sender/world.hpp"

#include <algorithm>

using having = sender::origin_filter::having;
using test::world;
using namespace std::chrono_literals;

namespace {

using names = std::vector<std::string>;

std::string origin(int number)
{
    return "http://o" + std::to_string(number) + ".test";
}

// Five origins, of which 1 and 3 have one and two deliveries pending, and 2 and 3 are paused.
void fill(world& w)
{
    for (int i = 0; i < 5; ++i)
        w.register_user("user" + std::to_string(i), origin(i) + "/hook");
    w.start_users("one", 1, origin(1));
    w.start_users("three", 2, origin(3));
    w.clock.at += 5s;
    w.result_of(w.store->promote_due(w.clock.now(), 500));
    w.pause(origin(2), true);
    w.pause(origin(3), true);
}

names listed(world& w, const sender::origin_filter& filter)
{
    names found;
    for (const auto& each : w.result_of(w.store->origins(filter)).items)
        found.push_back(each.origin);
    return found;
}

} // namespace

TEST_CASE("origins are listed newest first, with their backlogs and pauses")
{
    world w;
    fill(w);
    const auto page = w.result_of(w.store->origins({}));
    REQUIRE(page.items.size() == 5);
    CHECK_FALSE(page.next);
    std::vector<std::uint64_t> backlogs;
    for (const auto& each : page.items)
        backlogs.push_back(each.backlog);
    CHECK(backlogs == std::vector<std::uint64_t>{0, 2, 0, 1, 0});
    CHECK(page.items[1].origin == origin(3));
    CHECK(page.items[1].oldest_due_at == w.clock.now());
    CHECK(page.items[1].paused_at == w.clock.now());
    CHECK_FALSE(page.items[0].oldest_due_at);
    CHECK_FALSE(page.items[0].paused_at);
}

TEST_CASE("origins are filtered by what they have, and by name")
{
    world w;
    fill(w);
    sender::origin_filter filter;
    filter.with = having::pending;
    CHECK(listed(w, filter) == names{origin(3), origin(1)});
    filter.with = having::pause;
    CHECK(listed(w, filter) == names{origin(3), origin(2)});
    filter.origin = origin(1);
    CHECK(listed(w, filter).empty());
    filter.with = having::pending;
    CHECK(listed(w, filter) == names{origin(1)});
    filter.with = having::anything;
    filter.origin = "http://nobody.test";
    CHECK(listed(w, filter).empty());
}

TEST_CASE("pages of origins follow each other without a gap or a repetition, with any filter")
{
    world w;
    fill(w);
    const auto with = GENERATE(having::anything, having::pending, having::pause);
    sender::origin_filter filter;
    filter.with = with;
    const auto all = listed(w, filter);
    filter.limit = 1;
    names seen;
    do {
        const auto page = w.result_of(w.store->origins(filter));
        for (const auto& each : page.items)
            seen.push_back(each.origin);
        filter.before = page.next;
    } while (filter.before && seen.size() < 10);
    CHECK(seen == all);
}

TEST_CASE("work is found in pages by origin, with when its earliest is due")
{
    world w;
    w.start_users("a", 2, origin(1));
    w.start_users("b", 1, origin(2));
    w.start_users("c", 1, origin(3));
    w.clock.at += 5s;
    w.result_of(w.store->promote_due(w.clock.now(), 500));
    sender::origin_id after = 0;
    std::vector<sender::origin_id> found;
    for (int pages = 0; pages < 3; ++pages) {
        const auto page = w.result_of(w.store->find_work(after, 1));
        REQUIRE(page.size() == 1);
        CHECK(page[0].next_due_at == w.clock.now());
        after = page[0].origin;
        found.push_back(after);
    }
    CHECK(w.result_of(w.store->find_work(after, 1)).empty());
    CHECK(std::is_sorted(found.begin(), found.end()));
    CHECK(w.result_of(w.store->find_work(0, 1'000)).size() == 3);
}

TEST_CASE("a claim takes the longest overdue of each origin, up to its limit, and tells of the next")
{
    world w;
    w.start_users("a", 3, origin(1));
    w.advance(1s);
    w.start_users("b", 1, origin(2));
    w.clock.at += 5s;
    w.result_of(w.store->promote_due(w.clock.now(), 500));
    const auto of = w.summary(origin(1)).id;
    const auto other = w.summary(origin(2)).id;
    const auto found = w.result_of(w.store->claim({{of, 2}, {other, 2}, {12'345, 2}}, w.clock.now()));
    REQUIRE(found.size() == 3);
    CHECK(found[0].origin == of);
    CHECK(found[0].due.size() == 2);
    REQUIRE(found[0].next_due_at);
    CHECK(*found[0].next_due_at <= w.clock.now());
    CHECK(found[1].due.size() == 1);
    CHECK_FALSE(found[1].next_due_at);
    CHECK(found[2].due.empty());
    CHECK_FALSE(found[2].next_due_at);
}
