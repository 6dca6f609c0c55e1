#include "common/storage/open_file.hpp"
#include "common/storage/writer.hpp"
#include "tests/catch.hpp"
#include "tests/unit/storage/fault_disk.hpp"
#include "tests/unit/storage/fixture.hpp"

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace {

using lines = std::vector<std::string>;
using values = std::vector<std::int64_t>;

constexpr auto failed = " unavailable: the storage has failed; nothing was stored";

boost::asio::awaitable<void> allow_pages(storage::database& db, int pages)
{
    const auto sql = "PRAGMA max_page_count = " + std::to_string(pages);
    co_await db.write([&](storage::connection& c) { c.run_script(sql); });
}

// Many rows by one statement: on a full disk SQLite undoes that alone, not the transaction.
boost::asio::awaitable<void> insert_rows(storage::database& db, int rows)
{
    co_await db.write([&](storage::connection& c) {
        c.prepare("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
                  "INSERT INTO t SELECT i + 100, zeroblob(1000) FROM n")
            .bind(rows)
            .execute();
    });
}

boost::asio::awaitable<void> count(storage::database& db)
{
    co_await db.read([](storage::connection& c) { c.prepare("SELECT count(*) FROM t").execute(); });
}

std::string file_bytes(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace

TEST_CASE("on a full disk the batch is refused whole, and work goes on when there is space again")
{
    test::database_fixture f;
    f.start("limit", allow_pages(*f.db, 40));
    f.start_insert(1);
    f.drive();
    f.ended.clear();

    const bool one_row = GENERATE(true, false);
    f.start_insert(2);
    f.start("big", one_row ? f.insert_bytes(3, 1'000'000) : insert_rows(*f.db, 1'000));
    f.start_insert(4);
    f.drive();
    const std::string full = " unavailable: the disk is full; nothing was stored";
    CHECK(f.ended == lines{"2" + full, "big" + full, "4" + full});
    CHECK(f.stored() == values{1});
    CHECK(f.db->healthy());
    CHECK(f.fatal.empty());

    f.start("limit", allow_pages(*f.db, 1'000'000));
    f.start("big", f.insert_bytes(3, 1'000'000));
    f.start_insert(4);
    f.drive();
    CHECK(f.stored() == values{1, 3, 4});
}

TEST_CASE("a failed fsync is told once and ends all service")
{
    test::fault_disk disk;
    const bool own_threads = GENERATE(false, true);
    test::database_fixture f(own_threads);
    const auto go_on = [&] { own_threads ? f.run() : f.drive(); };
    f.start_insert(1);
    go_on();
    REQUIRE(f.ended == lines{"1 stored"});
    f.ended.clear();

    disk.fail_log_syncs(true);
    f.start_insert(2);
    go_on();
    CHECK(f.ended == lines{std::string("2") + failed});
    CHECK_FALSE(f.db->healthy());

    disk.fail_log_syncs(false);
    f.start_insert(3, storage::admission::always);
    f.start("read", count(*f.db));
    go_on();
    CHECK(f.ended ==
          lines{std::string("2") + failed, std::string("3") + failed, std::string("read") + failed});
    CHECK(f.fatal.size() == 1);
    f.db->stop();
    CHECK(f.fatal.size() == 1);
}

TEST_CASE("what was queued behind a failed fsync is refused too")
{
    test::fault_disk disk;
    test::database_fixture f(true);
    disk.hold_log_syncs();
    disk.fail_log_syncs(true);
    f.start_insert(1);
    disk.wait_until_held();
    f.start_insert(2);
    disk.release_log_syncs();
    f.run();
    CHECK(f.ended == lines{std::string("1") + failed, std::string("2") + failed});
    f.db->stop();
    CHECK(f.fatal.size() == 1);
}

TEST_CASE("a fsync that fails in a checkpoint is fatal, after the write was acknowledged from the log")
{
    test::fault_disk disk;
    test::database_fixture f;
    disk.fail_file_syncs(true);
    f.start("small", f.insert_bytes(1, 10));
    f.drive();
    CHECK(f.db->healthy()); // no checkpoint yet
    f.start("big", f.insert_bytes(2, 4'096 * storage::checkpoint_pages_usual));
    f.drive();
    CHECK(f.ended == lines{"small stored", "big stored"});
    CHECK_FALSE(f.db->healthy());
    CHECK(f.fatal.size() == 1);
    f.db->stop();
    disk.fail_file_syncs(false);
    CHECK(f.stored() == values{1, 2});
}

TEST_CASE("a start that fails before the log is durable copies nothing of it into the file")
{
    test::fault_disk disk;
    test::database_fixture f;
    f.start_insert(1);
    f.drive();
    disk.fail_log_syncs(true); // so that the log stays when the database is closed
    f.start_insert(2);
    f.drive();
    f.db->stop();
    disk.fail_log_syncs(false);
    const auto before = file_bytes(f.folder.file("test.db"));
    disk.fail_file_syncs(true);
    CHECK_THROWS_AS(storage::open_for_writing(f.folder.file("test.db"), 1, test::one_table),
                    std::runtime_error);
    CHECK(file_bytes(f.folder.file("test.db")) == before);
    disk.fail_file_syncs(false);
    CHECK_NOTHROW(storage::open_for_writing(f.folder.file("test.db"), 1, test::one_table));
    CHECK(f.stored().at(0) == 1);
}

TEST_CASE("an operation that ends its transaction is taken for the defect that it is")
{
    test::database_fixture f;
    f.start_insert(1);
    f.start("rogue", f.db->write([](storage::connection& c) { c.run_script("ROLLBACK"); }));
    f.drive();
    CHECK(f.ended == lines{std::string("1") + failed, std::string("rogue") + failed});
    CHECK(f.fatal == lines{"an operation ended the transaction that it ran in"});
}
