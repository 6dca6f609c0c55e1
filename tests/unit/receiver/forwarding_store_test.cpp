#include "tests/catch.hpp"
#include "tests/unit/receiver/fresh_database.hpp"

namespace sqlite = receiver::sqlite;
using receiver::event_status;
using test::event_of;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view app = "http://app.test/hook";
const auto now = test::fixed_clock{}.now();

// Accepts an event that is due `later` than now.
receiver::event_id accept(storage::connection& db, const std::string& session,
                          std::chrono::milliseconds later)
{
    auto event = event_of("alice", session, session);
    event.received_at = now + later;
    return sqlite::accept(db, event, std::string(app)).id;
}

outbox::conclusion ended(receiver::event_id id, outbox::verdict what, unsigned attempt = 1)
{
    outbox::conclusion result;
    result.id = id;
    result.what = what;
    result.at = now + 7s;
    result.made = outbox::attempt{.number = attempt,
                                  .started_at = now,
                                  .duration = 7s,
                                  .callback_url = std::string(app),
                                  .result = "answered",
                                  .status = 500,
                                  .error = "",
                                  .response = "no"};
    return result;
}

outbox::claimed claim(storage::connection& db, std::size_t limit, receiver::instant at)
{
    return sqlite::claim(db, {.origin = receiver::the_app, .limit = limit}, std::string(app), at);
}

std::vector<std::string> bodies(const outbox::claimed& found)
{
    std::vector<std::string> texts;
    for (const auto& due : found.due)
        texts.push_back(due.body);
    return texts;
}

using names = std::vector<std::string>;

} // namespace

TEST_CASE("a claim gives what is due, the longest overdue first, and when the next is due")
{
    const test::fresh_database fresh;
    accept(*fresh.db, "third", 3s);
    accept(*fresh.db, "first", 1s);
    accept(*fresh.db, "fourth", 4s);
    accept(*fresh.db, "second", 2s);
    const auto some = claim(*fresh.db, 10, now + 3s);
    CHECK(bodies(some) == names{"first", "second", "third"});
    CHECK(some.next_due_at == now + 4s);
    const auto limited = claim(*fresh.db, 2, now + 3s);
    CHECK(bodies(limited) == names{"first", "second"});
    CHECK(limited.next_due_at == now + 3s);
    const auto all = claim(*fresh.db, 10, now + 9s);
    CHECK(bodies(all).size() == 4);
    CHECK_FALSE(all.next_due_at);
}

TEST_CASE("what is claimed is what was handed over when the event was accepted")
{
    const test::fresh_database fresh;
    const auto offered =
        sqlite::accept(*fresh.db, event_of("alice", "wr_1"), std::string(app)).to_forward.value();
    const auto due = claim(*fresh.db, 1, now).due.at(0);
    CHECK(due.id == offered.id);
    CHECK(due.origin == offered.origin);
    CHECK(due.user_id == offered.user_id);
    CHECK(due.idempotency_key == offered.idempotency_key);
    CHECK(due.body == offered.body);
    CHECK(due.callback_url == offered.callback_url);
    CHECK(due.attempts_made == offered.attempts_made);
    CHECK(due.since == offered.since);
}

TEST_CASE("the one origin is found by its earliest, and only while something is to be forwarded")
{
    const test::fresh_database fresh;
    CHECK(sqlite::find_work(*fresh.db, 0).empty());
    const auto late = accept(*fresh.db, "late", 5s);
    accept(*fresh.db, "early", 1s);
    const auto work = sqlite::find_work(*fresh.db, 0);
    REQUIRE(work.size() == 1);
    CHECK(work[0].origin == receiver::the_app);
    CHECK(work[0].next_due_at == now + 1s);
    CHECK(sqlite::find_work(*fresh.db, receiver::the_app).empty()); // the cursor is past it
    CHECK(sqlite::count_accepted(*fresh.db) == 2);
    sqlite::record(*fresh.db, ended(late, outbox::delivered{}));
    CHECK(sqlite::count_accepted(*fresh.db) == 1);
}

TEST_CASE("a retry is recorded as due then, and is claimed with its attempts")
{
    const test::fresh_database fresh;
    const auto id = accept(*fresh.db, "wr_1", 0s);
    const auto told = sqlite::record(*fresh.db, ended(id, outbox::later{now + 1h}));
    CHECK(told.in_force == outbox::verdict{outbox::later{now + 1h}});
    CHECK(told.origin == receiver::the_app);
    CHECK(claim(*fresh.db, 10, now + 59min).due.empty());
    CHECK(claim(*fresh.db, 10, now + 1h).due.at(0).attempts_made == 1);
    const auto detail = sqlite::find_event(*fresh.db, id).value();
    REQUIRE(detail.attempts.size() == 1);
    CHECK(detail.attempts[0].status == 500);
    CHECK(detail.attempts[0].response == "no");
    CHECK(detail.summary.next_attempt_at == now + 1h);
}

TEST_CASE("a success always counts, and any other verdict only while the event is to be forwarded")
{
    const test::fresh_database fresh;
    const auto id = accept(*fresh.db, "wr_1", 0s);
    sqlite::record(*fresh.db, ended(id, outbox::dead{outbox::dead_reason::expired}));
    CHECK_FALSE(sqlite::record(*fresh.db, ended(id, outbox::later{now + 1h}, 2)).in_force);
    auto event = sqlite::find_event(*fresh.db, id).value();
    CHECK(event.summary.status == event_status::dead);
    CHECK(event.summary.reason == "expired");
    CHECK(event.summary.attempts == 2); // it was made all the same
    CHECK(sqlite::record(*fresh.db, ended(id, outbox::delivered{}, 3)).in_force);
    event = sqlite::find_event(*fresh.db, id).value();
    CHECK(event.summary.status == event_status::processed);
    CHECK(event.summary.finished_at == now + 7s);
    CHECK_FALSE(event.summary.reason);
}

TEST_CASE("what an attempt came to is not recorded of an event that is not there any more")
{
    const test::fresh_database fresh;
    CHECK_FALSE(sqlite::record(*fresh.db, ended(1, outbox::delivered{})).in_force);
    accept(*fresh.db, "wr_1", 0s); // takes the id
    CHECK(sqlite::find_event(*fresh.db, 1).value().attempts.empty());
}

TEST_CASE("reprocess starts a series where the attempts end, and hastens one that waits")
{
    const test::fresh_database fresh;
    const auto id = accept(*fresh.db, "wr_1", 0s);
    sqlite::record(*fresh.db, ended(id, outbox::later{now + 1h}, 4));
    CHECK(sqlite::reprocess(*fresh.db, id, now + 1min));
    auto due = claim(*fresh.db, 1, now + 1min).due.at(0);
    CHECK(due.attempts_before == 0); // the same series
    CHECK(due.since == now);
    sqlite::record(*fresh.db, ended(id, outbox::dead{outbox::dead_reason::gone}, 5));
    CHECK(sqlite::reprocess(*fresh.db, id, now + 2h));
    due = claim(*fresh.db, 1, now + 2h).due.at(0);
    CHECK(due.attempts_made == 5);
    CHECK(due.attempts_before == 5);
    CHECK(due.since == now + 2h);
    CHECK_FALSE(sqlite::reprocess(*fresh.db, id + 1, now));
}

TEST_CASE(
    "the events of a database that forwarded nothing are processed after the migration, and can be forwarded")
{
    const test::temporary_folder folder;
    const auto path = folder.file("r.db");
    const auto steps = receiver::sqlite_migrations();
    {
        const auto db = storage::open_for_writing(path, receiver::sqlite_owner, steps.first(2));
        const auto hashes = sqlite::hashes_of("alice", "evt_wr_1_active", 0, sqlite::hash_of);
        auto insert =
            db->prepare("INSERT INTO events (user_id, idempotency_key, type, session_id, event_id, "
                        "issued_at, received_at, skew_seconds, duplicates, remote, head, body, "
                        "user_hash, key_hash) VALUES ('alice', 'evt_wr_1_active', 'T', 'wr_1', 'e', "
                        "'i', 5, 0, 3, 'r', x'41', x'7B7D', ?, ?)");
        insert.bind(hashes.user).bind(hashes.key).execute();
    }
    const auto db = storage::open_for_writing(path, receiver::sqlite_owner, steps);
    const auto detail = sqlite::find_event(*db, 1).value();
    CHECK(detail.summary.status == event_status::processed);
    CHECK(detail.summary.duplicates == 3);
    CHECK(detail.summary.attempts == 0);
    CHECK(detail.head == "A");
    CHECK(detail.body == "{}");
    CHECK(claim(*db, 10, now).due.empty());
    CHECK(sqlite::accept(*db, event_of("alice", "wr_1"), std::string(app)).result ==
          receiver::acceptance::duplicate);
    CHECK(sqlite::reprocess(*db, 1, now));
    CHECK(bodies(claim(*db, 10, now)) == names{"{}"});
}
