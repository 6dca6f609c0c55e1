#include "common/outbox/sqlite_attempts.hpp"
#include "common/storage/shrink.hpp"
#include "tests/catch.hpp"
#include "tests/unit/sender/world.hpp"

using outbox::walk_position;
using sender::delivery_status;
using test::answered;
using test::world;
using namespace std::chrono_literals;

namespace {

using turns = std::vector<std::size_t>;

// How many each turn of a walk changed.
turns expire(world& w, sender::instant since, std::size_t limit)
{
    turns counts;
    std::optional<walk_position> next{walk_position{}};
    while (next && counts.size() < 100) {
        const auto turn = w.result_of(w.store->expire(since, w.clock.now(), *next, limit));
        counts.push_back(turn.count);
        next = turn.next;
    }
    return counts;
}

turns prune(world& w, sender::instant before, std::size_t limit = 500)
{
    turns counts;
    std::optional<walk_position> next{walk_position{}};
    while (next && counts.size() < 100) {
        const auto turn = w.result_of(w.store->prune(before, *next, limit));
        counts.push_back(turn.count);
        next = turn.next;
    }
    return counts;
}

std::size_t listed(world& w, const std::string& user)
{
    sender::delivery_filter filter;
    filter.user_id = user;
    return w.result_of(w.store->deliveries(filter)).items.size();
}

std::int64_t pages_of(storage::connection& db)
{
    auto row = db.prepare("PRAGMA page_count");
    return row.step() ? row.integer(0) : 0;
}

} // namespace

TEST_CASE("what is too old expires in turns, to the millisecond, and nothing else does")
{
    world w;
    w.transport.answer = [](const auto&) { return answered(500); };
    w.begin();
    w.start_users("old", 5);
    w.advance(5s);
    const auto ready_at = w.clock.now();
    w.advance(1h);
    w.start_users("new", 1);
    w.advance(5s);
    CHECK(expire(w, ready_at - 1ms, 2) == turns{0, 0, 0, 0});
    CHECK(expire(w, ready_at, 2) == turns{2, 2, 1, 0});
    for (int i = 0; i < 5; ++i) {
        const auto kept = w.newest_delivery("old" + std::to_string(i)).summary;
        CHECK(kept.status == delivery_status::dead);
        CHECK(kept.reason == "expired");
        CHECK(kept.finished_at == w.clock.now());
    }
    CHECK(w.newest_delivery("new0").summary.status == delivery_status::pending);
    CHECK(expire(w, ready_at, 100) == turns{0});
}

TEST_CASE("a user's many pending deliveries expire across turns")
{
    world w;
    w.register_user("alice");
    for (int visits = 0; visits < 5; ++visits) {
        w.result_of(w.store->start("alice", "wr_" + std::to_string(visits),
                                   sender::schedule_from(w.clock.now(), {})));
        w.clock.at += 5s;
        w.result_of(w.store->promote_due(w.clock.now(), 10));
    }
    CHECK(expire(w, w.clock.now(), 2) == turns{2, 2, 1});
    CHECK(w.due(w.clock.now()).empty());
}

TEST_CASE("a delivery that was asked for again expires by the time of that")
{
    world w;
    w.begin();
    w.make_ready("alice");
    const auto ready_at = w.clock.now();
    w.transport.answer = [](const auto&) { return answered(500); };
    w.advance(10h);
    w.result_of(w.store->redeliver(w.newest_delivery("alice").summary.id, w.clock.now()));
    CHECK(expire(w, ready_at, 10) == turns{0});
    CHECK(expire(w, ready_at + 10h, 10) == turns{1});
}

TEST_CASE("what ended before the retention goes in turns, with its attempts; what ended later stays")
{
    world w;
    w.begin();
    w.start_users("old", 5);
    w.advance(5s);
    const auto id = w.newest_delivery("old0").summary.id;
    const auto ended_at = w.clock.now();
    w.advance(1h);
    w.make_ready("new");
    CHECK(prune(w, ended_at, 2) == turns{0, 0, 0}); // they ended just then, not before
    CHECK(prune(w, ended_at + 1ms, 2) == turns{2, 2, 1});
    CHECK_FALSE(w.result_of(w.store->find_delivery(id)));
    CHECK(w.result_of(w.store->deliveries({})).items.size() == 1);
    CHECK(listed(w, "new") == 1);
}

TEST_CASE("who is registered is kept without a session, who is not is forgotten with the last one")
{
    world w;
    w.begin();
    w.make_ready("registered");
    w.make_ready("gone");
    w.run(w.store->unregister_user("gone", w.clock.now()));
    w.start_user("never");
    w.advance(5s);
    w.advance(1h);
    w.start_user("newest");
    CHECK(prune(w, w.clock.now()) == turns{3});
    const auto kept = w.status("registered");
    CHECK(kept.registered);
    CHECK_FALSE(kept.session_id);
    CHECK_FALSE(w.result_of(w.store->status("gone")));
    CHECK_FALSE(w.result_of(w.store->status("never")));
    w.make_ready("registered"); // and can start again
    CHECK(listed(w, "registered") == 1);
}

TEST_CASE("a user's sessions go from the oldest on, and the newer ones stay listed")
{
    world w;
    w.begin();
    std::vector<sender::instant> ends;
    for (int visits = 0; visits < 3; ++visits) {
        w.make_ready("alice");
        ends.push_back(w.clock.now());
        w.advance(1h);
    }
    w.start_user("newest");
    CHECK(prune(w, ends[0] + 1ms) == turns{1});
    CHECK(listed(w, "alice") == 2);
    CHECK(prune(w, ends[2] + 1ms) == turns{2}); // both in one turn
    CHECK(listed(w, "alice") == 0);
    CHECK(w.status("alice").registered);
}

TEST_CASE("what is pending or runs stays however old, and so does what came after it")
{
    world w;
    w.register_user("alice");
    w.start_user("alice");
    w.clock.at += 5s;
    w.result_of(w.store->promote_due(w.clock.now(), 10));
    const auto pending = w.due(w.clock.now()).at(0);
    w.start_user("alice"); // the next visit, which has READY and is delivered
    w.clock.at += 5s;
    const auto second = w.result_of(w.store->promote_due(w.clock.now(), 10)).made.at(0);
    outbox::conclusion ended;
    ended.id = second.id;
    ended.user_id = "alice";
    ended.registration = second.registration;
    ended.at = w.clock.now();
    w.result_of(w.store->record(ended));
    w.start_user("runs");
    w.clock.at += 1000h;
    CHECK(prune(w, w.clock.now()) == turns{0});
    CHECK(listed(w, "alice") == 2);
    CHECK(w.status("runs").session_id);
    ended.id = pending.id;
    ended.at = w.clock.now();
    w.result_of(w.store->record(ended));
    w.clock.at += 1h;
    CHECK(prune(w, w.clock.now()) == turns{2});
}

TEST_CASE("what is asked for again after it ended long ago is not pruned under way")
{
    world w;
    w.begin();
    w.make_ready("alice");
    w.advance(100h);
    w.pause("http://app.test", true);
    w.result_of(w.store->redeliver(w.newest_delivery("alice").summary.id, w.clock.now()));
    CHECK(prune(w, w.clock.now()) == turns{0});
    CHECK(listed(w, "alice") == 1);
}

TEST_CASE("the newest session of all stays, so that no id is given twice")
{
    world w;
    w.begin();
    w.make_ready("alice");
    const auto id = w.newest_delivery("alice").summary.id;
    w.advance(1h);
    CHECK(prune(w, w.clock.now()) == turns{0});
    w.make_ready("bob");
    CHECK(w.newest_delivery("bob").summary.id > id);
    CHECK(prune(w, w.clock.now()) == turns{1});
}

TEST_CASE("pruning gives back what the attempts of many sessions took in the file")
{
    world w;
    w.begin();
    w.start_users("user", 6);
    w.advance(5s);
    std::vector<sender::delivery_id> ids;
    for (const auto& each : w.result_of(w.store->deliveries({})).items)
        ids.push_back(each.id);
    const auto fill = [&](storage::connection& db) {
        outbox::attempt made;
        made.response = std::string(1'024, 'x');
        for (const auto id : ids)
            for (made.number = 1; made.number <= outbox::attempts_kept_max; ++made.number)
                outbox::sqlite::insert_attempt(db, id, made);
        return pages_of(db);
    };
    const auto full = w.result_of(w.database.write(fill));
    w.advance(1h);
    w.start_user("newest");
    CHECK(prune(w, w.clock.now()) == turns{6});
    CHECK(w.result_of(w.database.write(pages_of)) <= full - storage::shrunk_pages_max);
}
