#include "tests/catch.hpp"
#include "tests/unit/storage/fault_disk.hpp"
#include "tests/unit/storage/fixture.hpp"

#include <algorithm>
#include <atomic>
#include <memory>
#include <thread>

namespace {

using lines = std::vector<std::string>;
using values = std::vector<std::int64_t>;

constexpr int callers = 64;
constexpr int syncs_max = 31;

boost::asio::awaitable<void> answers_of_all_kinds(storage::database& db, std::string& seen)
{
    // Neither default-constructible nor copyable.
    struct answer
    {
        std::unique_ptr<int> number;
        explicit answer(int n) : number(std::make_unique<int>(n)) {}
    };
    int inserted = 0;
    const auto got = co_await db.write([&](storage::connection& c) {
        c.prepare("INSERT INTO t (value) VALUES (41)").execute();
        inserted = static_cast<int>(c.changes());
        return answer(static_cast<int>(c.last_insert_id()) + 41);
    });
    const std::string text = co_await db.read([&](storage::connection& c) {
        auto query = c.prepare("SELECT value FROM t");
        query.step();
        return query.text(0);
    });
    seen = std::to_string(*got.number) + " " + std::to_string(inserted) + " " + text;
}

// Inserts `count` values from `first` on, and counts after which of them it was on its own thread and saw at
// least its own rows.
boost::asio::awaitable<void> write_and_count(test::database_fixture& f, int first, int count,
                                             std::atomic<int>& answered_right)
{
    const auto own = std::this_thread::get_id();
    for (int i = 0; i < count; ++i) {
        co_await f.insert(first + i, storage::admission::bounded);
        const auto seen = co_await f.db->read([](storage::connection& c) {
            auto query = c.prepare("SELECT count(*) FROM t");
            query.step();
            return query.integer(0);
        });
        answered_right += std::this_thread::get_id() == own && seen > i ? 1 : 0;
    }
}

} // namespace

TEST_CASE("64 writes that queued up cost one fsync")
{
    test::fault_disk disk;
    test::database_fixture f;
    const int before = disk.log_syncs();
    for (int i = 0; i < callers; ++i) {
        f.start_insert(i);
    }
    CHECK(f.db->step());
    CHECK_FALSE(f.db->step());
    CHECK(disk.log_syncs() - before == 1);
    f.poll();
    CHECK(f.ended.size() == callers);
    CHECK(f.stored().size() == callers);
}

TEST_CASE("64 writes that come while the disk is busy cost fewer than 32 fsyncs")
{
    test::fault_disk disk;
    test::database_fixture f(true);
    const int before = disk.log_syncs();
    disk.hold_log_syncs();
    for (int i = 0; i < callers; ++i) {
        f.start_insert(i);
    }
    disk.wait_until_held();
    disk.release_log_syncs();
    f.run();
    CHECK(f.ended.size() == callers);
    CHECK(disk.log_syncs() - before <= syncs_max);
    CHECK(f.stored().size() == callers);
}

TEST_CASE("a write is not answered before its fsync has returned")
{
    test::fault_disk disk;
    test::database_fixture f(true);
    disk.hold_log_syncs();
    f.start_insert(1);
    disk.wait_until_held();
    f.poll();
    CHECK(f.ended.empty());
    disk.release_log_syncs();
    f.run();
    CHECK(f.ended == lines{"1 stored"});
}

TEST_CASE("an operation that fails, fails alone")
{
    test::database_fixture f;
    for (const int value : {1, -2, 3, 1, 4}) {
        f.start_insert(value);
    }
    f.drive();
    CHECK(f.ended == lines{"1 stored", "-2 failed: negative", "3 stored",
                           "1 failed: UNIQUE constraint failed: t.value (SQLite code 2067)", "4 stored"});
    CHECK(f.stored() == values{1, 3, 4});
    CHECK(f.db->healthy());
}

TEST_CASE("writes are committed and answered in the order of their calls, over several batches")
{
    test::database_fixture f;
    lines expected;
    for (int i = 0; i < 600; ++i) {
        f.start_insert(i);
        expected.push_back(std::to_string(i) + " stored");
    }
    CHECK(f.db->step()); // 256
    f.poll();
    CHECK(f.ended.size() == 256);
    f.drive();
    CHECK(f.ended == expected);
    const auto all = f.stored();
    REQUIRE(all.size() == 600);
    CHECK(std::is_sorted(all.begin(), all.end()));
}

TEST_CASE("past the queue's length new work is refused and nothing of it written, but outcomes pass")
{
    test::database_fixture f(false, 2);
    f.start_insert(1);
    f.start_insert(2);
    f.start_insert(3);
    f.start_insert(4, storage::admission::always);
    f.poll();
    CHECK(f.ended == lines{"3 unavailable: too many writes wait for the disk"});
    f.drive();
    f.start_insert(5);
    f.drive();
    CHECK(f.stored() == values{1, 2, 4, 5});
}

TEST_CASE("an answer may be of any movable type, or none")
{
    test::database_fixture f(true);
    std::string seen;
    f.start("all kinds", answers_of_all_kinds(*f.db, seen));
    f.run();
    CHECK(f.ended == lines{"all kinds stored"});
    CHECK(seen == "42 1 41");
}

TEST_CASE("callers on two loops are each answered on their own")
{
    constexpr int each = 200;
    constexpr int both = 2 * each;
    test::database_fixture f(true);
    std::atomic<int> answered_right = 0;
    const auto run = [&](int first) {
        boost::asio::io_context loop;
        boost::asio::co_spawn(loop, write_and_count(f, first, each, answered_right), boost::asio::detached);
        loop.run();
    };
    std::thread other([&] { run(1'000); });
    run(0);
    other.join();
    CHECK(answered_right == both);
    CHECK(f.stored().size() == both);
}
