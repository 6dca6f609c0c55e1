#include "common/storage/readers.hpp"
#include "tests/catch.hpp"
#include "tests/unit/storage/fixture.hpp"

namespace {

using lines = std::vector<std::string>;

std::int64_t rows_of(storage::connection& c)
{
    auto query = c.prepare("SELECT count(*) FROM t");
    query.step();
    return query.integer(0);
}

} // namespace

TEST_CASE("a read sees one state of the database, whatever is committed meanwhile")
{
    test::database_fixture f;
    std::vector<std::int64_t> seen;
    const auto look = [&](storage::connection& c) { seen.push_back(rows_of(c)); };
    f.start("read", f.db->read([&](storage::connection& c) {
        look(c);
        storage::connection other(f.folder.file("test.db"), storage::connection::mode::read_write_create);
        other.run_script("INSERT INTO t (value) VALUES (1)");
        look(c);
    }));
    f.drive();
    f.start("read", f.db->read(look));
    f.drive();
    CHECK(f.ended == lines{"read stored", "read stored"});
    CHECK(seen == std::vector<std::int64_t>{0, 0, 1});
}

TEST_CASE("a read sees every write that was answered before it was called for")
{
    test::database_fixture f(true);
    for (int i = 0; i < 50; ++i) {
        f.start_insert(i);
        f.run();
        std::int64_t seen = 0;
        f.start("read", f.db->read([&](storage::connection& c) { seen = rows_of(c); }));
        f.run();
        CHECK(seen == i + 1);
    }
}

TEST_CASE("a read cannot write")
{
    test::database_fixture f;
    f.start("read", f.db->read([](storage::connection& c) { c.run_script("DELETE FROM t"); }));
    f.drive();
    REQUIRE(f.ended.size() == 1);
    CHECK(f.ended[0].starts_with("read failed: attempt to write a readonly database"));
    CHECK(f.db->healthy());
}

TEST_CASE("a read that fails leaves its reader fit for the next")
{
    test::database_fixture f;
    f.start("bad", f.db->read([](storage::connection& c) {
        rows_of(c);
        throw std::runtime_error("no such row");
    }));
    f.start("good", f.db->read([](storage::connection& c) { rows_of(c); }));
    f.drive();
    CHECK(f.ended == lines{"bad failed: no such row", "good stored"});
}

TEST_CASE("a query that takes longer than 1 s is ended, and the next is served")
{
    test::database_fixture f;
    f.start("slow", f.db->read([](storage::connection& c) {
        c.prepare("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n")
            .execute();
    }));
    f.start("quick", f.db->read([](storage::connection& c) { rows_of(c); }));
    const auto started = std::chrono::steady_clock::now();
    f.drive();
    CHECK(std::chrono::steady_clock::now() - started >= storage::read_time_max);
    CHECK(f.ended == lines{"slow unavailable: the query took longer than 1 s", "quick stored"});
}

TEST_CASE("past the queue's length reads are refused")
{
    test::database_fixture f;
    for (std::size_t i = 0; i <= storage::read_queue_max; ++i) {
        f.start("read", f.db->read([](storage::connection& c) { rows_of(c); }));
    }
    f.poll();
    CHECK(f.ended == lines{"read unavailable: too many queries wait"});
    f.drive();
    CHECK(f.ended.size() == storage::read_queue_max + 1);
}
