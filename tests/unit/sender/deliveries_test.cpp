#include "tests/catch.hpp"
#include "tests/unit/sender/world.hpp"

using sender::delivery_status;
using test::world;
using namespace std::chrono_literals;

namespace {

// Five users whose deliveries are, oldest first: delivered, dead, pending, delivered, pending.
void fill(world& w)
{
    const std::vector<outbox::verdict> verdicts{
        outbox::delivered{}, outbox::dead{outbox::dead_reason::expired}, outbox::later{w.clock.now() + 1h},
        outbox::delivered{}, outbox::later{w.clock.now() + 1h}};
    for (std::size_t i = 0; i < verdicts.size(); ++i) {
        const auto user = "user" + std::to_string(i);
        const std::string host = i % 2 == 0 ? "http://even.test" : "http://odd.test";
        w.result_of(w.store->register_user(user, host + "/hook", host, w.clock.now()));
        w.result_of(w.store->start(user, "wr_" + user, sender::schedule_from(w.clock.now(), {})));
        const auto due = w.result_of(w.store->promote_due(w.clock.now() + 5s, 500)).made.at(0);
        outbox::conclusion ended;
        ended.id = due.id;
        ended.user_id = user;
        ended.registration = due.registration;
        ended.since = due.since;
        ended.what = verdicts[i];
        ended.at = w.clock.now();
        w.result_of(w.store->record(ended));
    }
}

std::vector<std::string> users_of(world& w, const sender::delivery_filter& filter)
{
    std::vector<std::string> users;
    for (const auto& item : w.result_of(w.store->deliveries(filter)).items)
        users.push_back(item.user_id);
    return users;
}

using names = std::vector<std::string>;

} // namespace

TEST_CASE("deliveries are listed newest first")
{
    world w;
    fill(w);
    CHECK(users_of(w, {}) == names{"user4", "user3", "user2", "user1", "user0"});
}

TEST_CASE("deliveries are filtered by status, user and origin, alone and together")
{
    world w;
    fill(w);
    sender::delivery_filter filter;
    SECTION("pending")
    {
        filter.status = delivery_status::pending;
        CHECK(users_of(w, filter) == names{"user4", "user2"});
    }
    SECTION("delivered")
    {
        filter.status = delivery_status::delivered;
        CHECK(users_of(w, filter) == names{"user3", "user0"});
    }
    SECTION("dead")
    {
        filter.status = delivery_status::dead;
        CHECK(users_of(w, filter) == names{"user1"});
        filter.origin = "http://even.test";
        CHECK(users_of(w, filter).empty());
    }
    SECTION("one origin")
    {
        filter.origin = "http://even.test";
        CHECK(users_of(w, filter) == names{"user4", "user2", "user0"});
        filter.status = delivery_status::delivered;
        CHECK(users_of(w, filter) == names{"user0"});
    }
    SECTION("one user")
    {
        filter.user_id = "user2";
        CHECK(users_of(w, filter) == names{"user2"});
        filter.status = delivery_status::delivered;
        CHECK(users_of(w, filter).empty());
    }
    SECTION("nobody's")
    {
        filter.origin = "http://unknown.test";
        CHECK(users_of(w, filter).empty());
    }
}

TEST_CASE("pages follow each other without a gap or a repetition, and the last one says so")
{
    world w;
    fill(w);
    sender::delivery_filter filter;
    filter.limit = 2;
    names seen;
    int pages = 0;
    do {
        const auto page = w.result_of(w.store->deliveries(filter));
        for (const auto& item : page.items)
            seen.push_back(item.user_id);
        filter.before = page.next;
        ++pages;
    } while (filter.before);
    CHECK(seen == names{"user4", "user3", "user2", "user1", "user0"});
    CHECK(pages == 3);
}

TEST_CASE("a page that ends with the last delivery has no next")
{
    world w;
    fill(w);
    sender::delivery_filter filter;
    filter.limit = 5;
    CHECK_FALSE(w.result_of(w.store->deliveries(filter)).next);
}

TEST_CASE("a session that runs, and an id that does not exist, are no delivery")
{
    world w;
    w.result_of(w.store->start("alice", "wr_1", sender::schedule_from(w.clock.now(), {})));
    CHECK_FALSE(w.result_of(w.store->find_delivery(1)));
    CHECK_FALSE(w.result_of(w.store->find_delivery(std::numeric_limits<sender::delivery_id>::max())));
    CHECK(w.result_of(w.store->deliveries({})).items.empty());
}
