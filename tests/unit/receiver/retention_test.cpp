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
    const auto turn = sqlite::prune(*aged.db, start + 4min, {}, 500);
    CHECK(turn.count == 4); // received at 0, 1, 2 and 3 minutes
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
    std::optional<outbox::walk_position> from{outbox::walk_position{}};
    while (from) {
        const auto turn = sqlite::prune(*aged.db, start + 1h, *from, 2);
        deleted.push_back(turn.count);
        from = turn.next;
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
    CHECK(sqlite::prune(*aged.db, start + 2h, {}, 500).count == 2);
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
    CHECK(sqlite::prune(*aged.db, start + 1h, {}, 500).count == 0);
    aged.accept();                                                  // the newest now, under other hashes
    CHECK(sqlite::prune(*aged.db, start + 1h, {}, 500).count == 1); // the last of the four: nobody is past it
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
    CHECK(sqlite::prune(*aged.db, start + 24h, {}, 500).count == 2);
    CHECK(aged.accept() == 4);
    CHECK(sqlite::prune(*aged.db, start + 24h, {}, 500).count == 1);
}

TEST_CASE("what is to be forwarded and has become too old is expired, in bounded turns, and nothing else")
{
    aged_database aged;
    std::vector<event_id> ids;
    ids.reserve(5);
    for (int i = 0; i < 5; ++i)
        ids.push_back(aged.accept(app)); // a minute apart
    aged.finish(ids[1], start, outbox::delivered{});
    aged.finish(ids[2], start, outbox::later{start + 72h}); // it is due when its time is over, to expire
    const auto now = start + 73h;
    std::optional<outbox::walk_position> from{outbox::walk_position{}};
    std::size_t turns = 0;
    for (; from && turns < 10; ++turns) {
        const auto found =
            outbox::sqlite::find_expired(*aged.db, sqlite::expiry(), start + 3min, now, *from, 1);
        CHECK(found.ids.size() <= 1);
        outbox::sqlite::give_up(*aged.db, sqlite::expiry(), found.ids, start + 3min, now);
        from = found.next;
    }
    CHECK(turns == 5); // one for each of the four, and one that finds no more
    const auto status_of = [&](std::size_t i) {
        return sqlite::find_event(*aged.db, ids[i]).value().summary.status;
    };
    CHECK(status_of(0) == receiver::event_status::dead);
    CHECK(status_of(1) == receiver::event_status::processed);
    CHECK(status_of(2) == receiver::event_status::dead);
    CHECK(status_of(3) == receiver::event_status::dead);
    CHECK(status_of(4) == receiver::event_status::accepted); // a minute younger
    const auto expired = sqlite::find_event(*aged.db, ids[0]).value();
    CHECK(expired.summary.reason == "expired");
    CHECK(expired.summary.finished_at == now);
}

TEST_CASE("an event that was asked for again since it was found too old is not expired")
{
    aged_database aged;
    const auto id = aged.accept(app);
    const auto found = outbox::sqlite::find_expired(*aged.db, sqlite::expiry(), start, start + 72h, {}, 500);
    REQUIRE(found.ids == std::vector<event_id>{id});
    aged.finish(id, start + 72h, outbox::dead{outbox::dead_reason::expired});
    sqlite::reprocess(*aged.db, id, start + 72h);
    CHECK(outbox::sqlite::give_up(*aged.db, sqlite::expiry(), found.ids, start, start + 72h) == 0);
    CHECK(sqlite::find_event(*aged.db, id).value().summary.status == receiver::event_status::accepted);
}
