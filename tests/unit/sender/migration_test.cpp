#include "common/storage/open_file.hpp"
#include "sender-service/sqlite_store.hpp"
#include "sender-service/sqlite_transactions.hpp"
#include "tests/catch.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace std::chrono_literals;
using sender::delivery_status;
using sender::instant;
namespace sqlite = sender::sqlite;

namespace {

const instant ready_at{1'700'000'000'000ms};

// What the first released schema holds of users in every state, as it was written then.
constexpr const char* rows_of_the_first_schema = R"sql(
INSERT INTO origins (id, origin) VALUES (1, 'http://one.test'), (2, 'http://two.test');
INSERT INTO users (id, user_id, callback_url, origin, registration, session) VALUES
    (1, 'registered', 'http://one.test/hook', 1, 1, NULL),
    (2, 'runs',       'http://one.test/hook', 1, 1, 1),
    (3, 'unnotified', NULL,                   NULL, 0, 2),
    (4, 'pending',    'http://one.test/hook', 1, 3, 4),
    (5, 'delivered',  'http://two.test/hook', 2, 1, 5),
    (6, 'dead',       'http://two.test/hook', 2, 1, 6),
    (7, 'left',       NULL,                   NULL, 2, 7);
INSERT INTO sessions (id, user, previous, session_id, started_at, waiting_at, ready_at, state,
                      became_ready_at, origin, body, attempts, due_at, finished_at, reason) VALUES
    (1, 2, NULL, 'wr_1', 1699999995000, 1699999997000, 1800000000000, 0,
     NULL, NULL, NULL, 0, NULL, NULL, NULL),
    (2, 3, NULL, 'wr_2', 1699999995000, 1699999997000, 1700000000000, 1,
     1700000000000, NULL, NULL, 0, NULL, NULL, NULL),
    (3, 4, NULL, 'wr_3', 1699999995000, 1699999997000, 1700000000000, 3,
     1700000000000, 1, x'7B337D', 1, NULL, 1700000000100, NULL),
    (4, 4, 3,    'wr_4', 1699999995000, 1699999997000, 1700000000000, 2,
     1700000000000, 1, x'7B347D', 2, 1700000004000, NULL, NULL),
    (5, 5, NULL, 'wr_5', 1699999995000, 1699999997000, 1700000000000, 3,
     1700000000000, 2, x'7B357D', 1, NULL, 1700000000100, NULL),
    (6, 6, NULL, 'wr_6', 1699999995000, 1699999997000, 1700000000000, 4,
     1700000000000, 2, x'7B367D', 20, NULL, 1700000000200, 'attempts_exhausted'),
    (7, 7, NULL, 'wr_7', 1699999995000, 1699999997000, 1700000000000, 4,
     1700000000000, 2, x'7B377D', 0, NULL, 1700000000300, 'unregistered');
INSERT INTO attempts (id, started_at, duration_ms, callback_url, result, status, error, response) VALUES
    (4097, 1700000000000, 5, 'http://one.test/hook', 'answered', 500, NULL, x'6E6F'),
    (4098, 1700000001000, 5, 'http://one.test/hook', 'connect', NULL, 'refused', NULL);
)sql";

// A database as an earlier release left it, opened by this one.
class migrated
{
public:
    migrated()
    {
        const auto steps = sender::sqlite_migrations();
        const auto path = folder_.file("s.db");
        storage::open_for_writing(path, sender::sqlite_owner, steps.first(1))
            ->run_script(rows_of_the_first_schema);
        db_ = storage::open_for_writing(path, sender::sqlite_owner, steps);
    }

    storage::connection& db() { return *db_; }

    delivery_status status_of(sender::delivery_id id)
    {
        return sqlite::find_summary(*db_, id).value().status;
    }

private:
    test::temporary_folder folder_;
    std::unique_ptr<storage::connection> db_;
};

} // namespace

TEST_CASE("every user and delivery of the first schema is as it was after the migration")
{
    migrated old;
    auto& db = old.db();
    CHECK(sqlite::status(db, "registered").value().registered);
    CHECK(sqlite::status(db, "runs").value().session_id == "wr_1");
    CHECK(sqlite::status(db, "unnotified").value().became_ready_at == ready_at);
    CHECK_FALSE(sqlite::status(db, "left").value().registered);
    CHECK_FALSE(sqlite::find_summary(db, 1));
    CHECK_FALSE(sqlite::find_summary(db, 2));
    CHECK(old.status_of(3) == delivery_status::delivered);
    CHECK(old.status_of(4) == delivery_status::pending);
    CHECK(old.status_of(5) == delivery_status::delivered);
    CHECK(old.status_of(6) == delivery_status::dead);
    CHECK(sqlite::find_summary(db, 6).value().reason == "attempts_exhausted");
    const auto pending = sqlite::find_delivery(db, 4).value();
    CHECK(pending.body == "{4}");
    REQUIRE(pending.attempts.size() == 2);
    CHECK(pending.attempts[0].response == "no");
    CHECK(pending.attempts[1].number == 2);
    CHECK(pending.attempts[1].error == "refused");
}

TEST_CASE("what was pending in the first schema is found by its origin after the migration, and sent")
{
    migrated old;
    auto& db = old.db();
    const auto work = sqlite::find_work(db, 0, 10);
    REQUIRE(work.size() == 1);
    CHECK(work[0].origin == 1);
    CHECK(work[0].next_due_at == ready_at + 4s);
    CHECK(sqlite::claim(db, {1, 10}, ready_at).due.empty());
    const auto due = sqlite::claim(db, {1, 10}, ready_at + 4s).due;
    REQUIRE(due.size() == 1);
    CHECK(due[0].id == 4);
    CHECK(due[0].callback_url == "http://one.test/hook");
    CHECK(due[0].idempotency_key == "evt_wr_4_active");
    CHECK(due[0].registration == 3);
    CHECK(due[0].attempts_made == 2);
    CHECK(due[0].attempts_before == 0);
    CHECK(due[0].since == ready_at);
    CHECK(sqlite::paused_origins(db).empty());
}

TEST_CASE("what was dead in the first schema can be sent again after the migration")
{
    migrated old;
    auto& db = old.db();
    sender::dead_filter filter;
    filter.origin = "http://two.test";
    const auto found = sqlite::find_redeliverable(db, filter, ready_at + 1h);
    CHECK(found.skipped == 1); // the user who left
    CHECK(sqlite::redeliver_all(db, found, ready_at + 1h).queued == 1);
    const auto due = sqlite::claim(db, {2, 10}, ready_at + 1h).due;
    REQUIRE(due.size() == 1);
    CHECK(due[0].attempts_made == 20);
    CHECK(due[0].attempts_before == 20);
    CHECK(due[0].since == ready_at + 1h);
}

TEST_CASE("what ended in the first schema is pruned after the migration")
{
    migrated old;
    auto& db = old.db();
    sqlite::start(db, "newest", "wr_newest", sender::schedule_from(ready_at + 1h, {}));
    const auto turn = sqlite::prune(db, ready_at + 48h, {}, 500);
    CHECK(turn.count == 5); // all but the sessions that run and the delivery that is pending
    CHECK(old.status_of(4) == delivery_status::pending);
    CHECK(sqlite::status(db, "runs").value().session_id == "wr_1");
    CHECK_FALSE(sqlite::status(db, "left"));
}
