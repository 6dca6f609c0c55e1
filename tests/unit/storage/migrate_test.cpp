#include "common/storage/open_file.hpp"
#include "tests/catch.hpp"
#include "tests/unit/storage/fixture.hpp"

#include <sys/stat.h>

namespace {

using storage::migration;

constexpr std::array<migration, 3> steps{migration{"CREATE TABLE a (x); INSERT INTO a VALUES (1)"},
                                         migration{"ALTER TABLE a ADD COLUMN y; CREATE TABLE b (z)"},
                                         migration{"INSERT INTO b SELECT x FROM a"}};

constexpr storage::application_id owner = 7;

std::span<const migration> first_steps(std::size_t count)
{
    return std::span(steps).first(count);
}

std::string text_of(storage::connection& db, const std::string& sql)
{
    auto query = db.prepare(sql);
    return query.step() ? query.text(0) : "none";
}

std::string tables_of(storage::connection& db)
{
    return text_of(db, "SELECT group_concat(name) FROM (SELECT name FROM sqlite_schema ORDER BY name)");
}

std::string problem_of_opening(const std::string& path, std::span<const migration> all)
{
    try {
        storage::open_for_writing(path, owner, all);
        return "";
    }
    catch (const std::runtime_error& problem) {
        return problem.what();
    }
}

} // namespace

TEST_CASE("a new file gets all steps, and no copy is made of nothing")
{
    const test::temporary_folder folder;
    const auto path = folder.file("m.db");
    const auto db = storage::open_for_writing(path, owner, steps);
    CHECK(text_of(*db, "PRAGMA user_version") == "3");
    CHECK(text_of(*db, "SELECT z FROM b") == "1");
    CHECK_FALSE(std::filesystem::exists(path + ".before-v3"));
}

TEST_CASE("an older file gets the steps that it lacks, after a copy for its owner only")
{
    const test::temporary_folder folder;
    const auto path = folder.file("m.db");
    storage::open_for_writing(path, owner, first_steps(1))->run_script("UPDATE a SET x = 7");
    const auto db = storage::open_for_writing(path, owner, steps);
    CHECK(text_of(*db, "PRAGMA user_version") == "3");
    CHECK(text_of(*db, "SELECT z FROM b") == "7");

    const auto copy_path = path + ".before-v3";
    storage::connection copy(copy_path, storage::connection::mode::read_only);
    CHECK(text_of(copy, "PRAGMA user_version") == "1");
    CHECK(text_of(copy, "SELECT x FROM a") == "7");
    CHECK(tables_of(copy) == "a");
    struct ::stat status = {};
    REQUIRE(::stat(copy_path.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777U) == 0600);
    CHECK_FALSE(std::filesystem::exists(copy_path + ".partial"));
}

TEST_CASE("a file that has all steps is left alone")
{
    const test::temporary_folder folder;
    const auto path = folder.file("m.db");
    CHECK(problem_of_opening(path, steps).empty());
    CHECK(problem_of_opening(path, steps).empty());
    CHECK_FALSE(std::filesystem::exists(path + ".before-v3"));
}

TEST_CASE("a file of a newer program is refused and not touched")
{
    const test::temporary_folder folder;
    const auto path = folder.file("m.db");
    CHECK(problem_of_opening(path, steps).empty());
    CHECK(problem_of_opening(path, first_steps(2)) ==
          "the database " + path +
              " cannot be opened: it has schema version 3, and this program knows versions up to 2 only: "
              "run the newer program that wrote it");
    CHECK(text_of(*storage::open_for_writing(path, owner, steps), "PRAGMA user_version") == "3");
}

TEST_CASE("a step that fails leaves the version before it, and can be tried again")
{
    const test::temporary_folder folder;
    const auto path = folder.file("m.db");
    CHECK(problem_of_opening(path, first_steps(1)).empty());
    const std::array<migration, 3> broken{steps[0], steps[1],
                                          migration{"CREATE TABLE c (x); INSERT INTO nowhere VALUES (1)"}};
    for (int tries = 0; tries < 2; ++tries) {
        CHECK(problem_of_opening(path, broken) ==
              "the database " + path +
                  " cannot be opened: step 3 of the database's schema failed: no such table: nowhere "
                  "(SQLite code 1)");
    }
    const auto db = storage::open_for_writing(path, owner, first_steps(2));
    CHECK(text_of(*db, "PRAGMA user_version") == "2");
    CHECK(tables_of(*db) == "a,b");
}

TEST_CASE("the file of another program is refused and not touched")
{
    const test::temporary_folder folder;
    const auto path = folder.file("m.db");
    storage::open_for_writing(path, owner + 1, first_steps(1));
    CHECK(problem_of_opening(path, steps).find("of another program") != std::string::npos);
    storage::connection db(path, storage::connection::mode::read_only);
    CHECK(text_of(db, "PRAGMA user_version") == "1");
    CHECK(tables_of(db) == "a");
}
