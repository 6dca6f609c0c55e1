#include "tests/catch.hpp"
#include "tests/unit/receiver/fresh_database.hpp"

namespace sqlite = receiver::sqlite;
using receiver::acceptance;
using receiver::event_id;
using test::event_of;
using namespace std::chrono_literals;

namespace {

const std::string app = "http://app.test/hook";
const auto start = test::fixed_clock{}.now();

// A database in which an event a minute arrived.
struct aged_database : test::fresh_database
{
    event_id accept(const std::string& forward_url = {}, sqlite::hash_function hash = sqlite::hash_of)
    {
        auto event = event_of("user" + std::to_string(count), "wr_1");
        event.received_at = start + std::chrono::minutes(count++);
        return sqlite::accept(*db, event, forward_url, hash).id;
    }

    void finish(event_id id, receiver::instant at, outbox::verdict as)
    {
        outbox::conclusion what;
        what.id = id;
        what.what = as;
        what.at = at;
        what.made = outbox::attempt{};
        what.made->number = 1;
        sqlite::record(*db, what);
    }

    bool has(event_id id) { return sqlite::find_event(*db, id).has_value(); }

    int count = 0;
};

} // namespace

TEST_CASE("pruning deletes the events that were received before, and no later one")
{
    aged_database aged;
    for (int i = 0; i < 10; ++i)
        aged.accept();
    const auto turn = sqlite::prune(*aged.db, start + 4min, 0, 500);
    CHECK(turn.deleted == 4); // received at 0, 1, 2 and 3 minutes
    CHECK_FALSE(turn.next);
    CHECK_FALSE(aged.has(4));
    CHECK(aged.has(5));
    CHECK(sqlite::accept(*aged.db, event_of("user3", "wr_1")).result == acceptance::accepted); // with its key
    CHECK(sqlite::accept(*aged.db, event_of("user4", "wr_1")).result == acceptance::duplicate);
}

TEST_CASE("pruning goes through the table in bounded turns that go on where the one before ended")
{
    aged_database aged;
    for (int i = 0; i < 10; ++i)
        aged.accept();
    for (int kept = 0; kept < 3; ++kept)
        sqlite::reprocess(*aged.db, 1 + kept, start); // to be forwarded: these are looked at, and stay
    std::vector<std::size_t> deleted;
    std::optional<event_id> after = 0;
    while (after) {
        const auto turn = sqlite::prune(*aged.db, start + 1h, *after, 2);
        deleted.push_back(turn.deleted);
        CHECK((!turn.next || *turn.next == *after + 2));
        after = turn.next;
    }
    CHECK(deleted == std::vector<std::size_t>{0, 1, 2, 2, 1});
}

TEST_CASE("an event that is to be forwarded is never pruned, and one that was counts from when that ended")
{
    aged_database aged;
    const auto waiting = aged.accept(app);
    const auto processed = aged.accept(app);
    const auto dead = aged.accept(app);
    const auto processed_lately = aged.accept(app);
    const auto dead_lately = aged.accept(app);
    aged.accept(app);
    aged.finish(processed, start + 1h, outbox::delivered{});
    aged.finish(dead, start + 1h, outbox::dead{outbox::dead_reason::gone});
    aged.finish(processed_lately, start + 3h, outbox::delivered{});
    aged.finish(dead_lately, start + 3h, outbox::dead{outbox::dead_reason::gone});
    CHECK(sqlite::prune(*aged.db, start + 2h, 0, 500).deleted == 2);
    CHECK(aged.has(waiting));
    CHECK_FALSE(aged.has(processed));
    CHECK_FALSE(aged.has(dead));
    CHECK(aged.has(processed_lately));
    CHECK(aged.has(dead_lately));
    auto attempts = aged.db->prepare("SELECT count(*) FROM attempts");
    attempts.step();
    CHECK(attempts.integer(0) == 2); // those of the deleted went with them
}

TEST_CASE("pruning leaves no gap before an event that another one made way for")
{
    aged_database aged;
    for (int i = 0; i < 4; ++i)
        aged.accept({}, test::worst_hash); // each past the ones before
    CHECK(sqlite::prune(*aged.db, start + 1h, 0, 500).deleted == 0);
    aged.accept(); // the newest now, under other hashes
    CHECK(sqlite::prune(*aged.db, start + 1h, 0, 500).deleted ==
          1); // the last of the four: nobody is past it
    for (const auto* const user : {"user0", "user1", "user2"})
        CHECK(sqlite::accept(*aged.db, event_of(user, "wr_1"), {}, test::worst_hash).result ==
              acceptance::duplicate);
    CHECK(sqlite::accept(*aged.db, event_of("user3", "wr_1"), {}, test::worst_hash).result ==
          acceptance::accepted);
}

TEST_CASE("the newest event of all is not pruned, so that no id is given twice")
{
    aged_database aged;
    for (int i = 0; i < 3; ++i)
        aged.accept();
    CHECK(sqlite::prune(*aged.db, start + 24h, 0, 500).deleted == 2);
    CHECK(aged.accept() == 4);
    CHECK(sqlite::prune(*aged.db, start + 24h, 0, 500).deleted == 1);
}
