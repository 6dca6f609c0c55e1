#include "common/storage/connection.hpp"
#include "tests/catch.hpp"
#include "tests/unit/storage/fixture.hpp"

#include <string>

namespace {

struct open_connection
{
    test::temporary_folder folder;
    storage::connection db{folder.file("c.db"), storage::connection::mode::read_write_create};

    open_connection() { db.run_script("CREATE TABLE t (a, b)"); }
};

} // namespace

TEST_CASE("values come back as they were bound, NULs and emptiness included")
{
    open_connection o;
    const std::string bytes("a\0\xff", 3);
    o.db.prepare("INSERT INTO t VALUES (?, ?)").bind(std::string_view(bytes)).bind_blob(bytes).execute();
    o.db.prepare("INSERT INTO t VALUES (?, ?)").bind(std::string_view()).bind_blob({}).execute();
    o.db.prepare("INSERT INTO t VALUES (?, ?)").bind(-7).bind_null().execute();
    o.db.prepare("INSERT INTO t VALUES (?, ?)")
        .bind_optional(std::optional<std::int64_t>())
        .bind_optional(std::optional<std::string>("x"))
        .execute();

    auto rows = o.db.prepare("SELECT a, b, typeof(a), typeof(b) FROM t ORDER BY rowid");
    REQUIRE(rows.step());
    CHECK(rows.text(0) == bytes);
    CHECK(rows.text(1) == bytes);
    CHECK(rows.text(2) + rows.text(3) == "textblob");
    REQUIRE(rows.step());
    CHECK(rows.optional_text(0) == std::optional<std::string>(""));
    CHECK(rows.text(2) + rows.text(3) == "textblob");
    REQUIRE(rows.step());
    CHECK(rows.optional_integer(0) == -7);
    CHECK(rows.is_null(1));
    CHECK(rows.optional_text(1) == std::nullopt);
    REQUIRE(rows.step());
    CHECK(rows.optional_integer(0) == std::nullopt);
    CHECK(rows.optional_text(1) == std::optional<std::string>("x"));
    CHECK_FALSE(rows.step());
}

TEST_CASE("a statement starts afresh each time it is lent, whatever happened before")
{
    open_connection o;
    o.db.run_script("INSERT INTO t VALUES (1, 1), (2, 2)");
    const auto first = [&] {
        auto query = o.db.prepare("SELECT a FROM t WHERE b >= ?1 ORDER BY a");
        query.bind(1);
        REQUIRE(query.step());
        return query.integer(0);
    };
    CHECK(first() == 1);
    CHECK(first() == 1);
    auto unbound = o.db.prepare("SELECT a FROM t WHERE b >= ?1 ORDER BY a");
    CHECK_FALSE(unbound.step()); // nothing of the parameter is left
}

TEST_CASE("a statement that is in use is not lent again, and is afterwards")
{
    open_connection o;
    {
        const auto held = o.db.prepare("SELECT a FROM t");
        CHECK_THROWS_AS(o.db.prepare("SELECT a FROM t"), std::logic_error);
    }
    CHECK_FALSE(o.db.prepare("SELECT a FROM t").step());
}

TEST_CASE("a failure carries SQLite's code and words")
{
    open_connection o;
    o.db.run_script("CREATE UNIQUE INDEX i ON t (a); INSERT INTO t VALUES (1, 1)");
    try {
        o.db.prepare("INSERT INTO t VALUES (?, 2)").bind(1).execute();
        FAIL("the second row was taken");
    }
    catch (const storage::sqlite_error& failure) {
        CHECK(failure.code() == SQLITE_CONSTRAINT);
        CHECK(failure.extended_code() == SQLITE_CONSTRAINT_UNIQUE);
        CHECK(std::string(failure.what()) == "UNIQUE constraint failed: t.a (SQLite code 2067)");
    }
    CHECK_THROWS_AS(o.db.prepare("SELECT nonsense"), storage::sqlite_error);
    CHECK_THROWS_AS(o.db.prepare("SELECT a FROM t").bind(1), storage::sqlite_error);
}

TEST_CASE("a read-only connection cannot write, and cannot make a file")
{
    open_connection o;
    storage::connection reader(o.folder.file("c.db"), storage::connection::mode::read_only);
    CHECK_THROWS_AS(reader.run_script("INSERT INTO t VALUES (1, 1)"), storage::sqlite_error);
    CHECK_THROWS_AS(storage::connection(o.folder.file("none.db"), storage::connection::mode::read_only),
                    storage::sqlite_error);
}
