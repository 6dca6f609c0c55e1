#include "tests/catch.hpp"
#include "tests/unit/storage/fixture.hpp"

#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

namespace {

using lines = std::vector<std::string>;

// What opening the database at `path` fails with; empty when it opens.
std::string problem_of_opening(const std::string& path,
                               std::span<const storage::migration> steps = test::one_table)
{
    try {
        storage::database_options options;
        options.path = path;
        options.own_threads = false;
        const storage::database db(options, steps);
        return "";
    }
    catch (const std::runtime_error& problem) {
        return problem.what();
    }
}

unsigned mode_of(const std::string& path)
{
    struct ::stat status = {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_mode & 0777U;
}

std::string pragma(storage::connection& db, const std::string& name)
{
    auto query = db.prepare("PRAGMA " + name);
    query.step();
    return query.text(0);
}

} // namespace

TEST_CASE("a database that is open is refused a second time, and not once it is stopped")
{
    test::database_fixture f;
    const auto path = f.folder.file("test.db");
    CHECK(problem_of_opening(path) ==
          "the database " + path + " is in use: another process holds " + path + ".lock");
    f.db->stop();
    f.db.reset();
    CHECK(problem_of_opening(path).empty());
}

TEST_CASE("why a database cannot be opened is said in a sentence that names it")
{
    const test::temporary_folder folder;
    const auto in_missing = folder.file("none/test.db");
    CHECK(problem_of_opening(in_missing) ==
          "the folder " + folder.file("none") + " of the database " + in_missing + " does not exist");

    const auto text = folder.file("text.db");
    std::ofstream(text) << std::string(5'000, 'x');
    CHECK(problem_of_opening(text).starts_with("the database " + text +
                                               " cannot be opened: file is not a database"));

    std::filesystem::create_directory(folder.file("folder.db"));
    CHECK(problem_of_opening(folder.file("folder.db"))
              .starts_with("the database " + folder.file("folder.db") + " cannot be opened: "));
}

TEST_CASE("the files of a new database are for their owner only")
{
    test::database_fixture f;
    f.start_insert(1);
    f.drive();
    for (const auto* const name : {"test.db", "test.db-wal", "test.db-shm", "test.db.lock"}) {
        CAPTURE(name);
        CHECK(mode_of(f.folder.file(name)) == 0600);
    }
}

TEST_CASE("commits are made durable, pages can be given back, and nothing is mapped")
{
    test::database_fixture f;
    lines seen;
    f.start("look", f.db->write([&](storage::connection& c) {
        for (const auto* const name : {"journal_mode", "synchronous", "auto_vacuum", "wal_autocheckpoint",
                                       "mmap_size", "foreign_keys", "trusted_schema", "query_only"})
        {
            seen.push_back(std::string(name) + "=" + pragma(c, name));
        }
    }));
    f.start("look",
            f.db->read([&](storage::connection& c) { seen.push_back("reader=" + pragma(c, "query_only")); }));
    f.drive();
    CHECK(seen == lines{"reader=1", "journal_mode=wal", "synchronous=2", "auto_vacuum=2",
                        "wal_autocheckpoint=0", "mmap_size=0", "foreign_keys=0", "trusted_schema=0",
                        "query_only=0"});
}

TEST_CASE("a stop commits what is queued, refuses what comes later and leaves one file")
{
    const bool own_threads = GENERATE(false, true);
    test::database_fixture f(own_threads);
    lines expected;
    for (int i = 0; i < 300; ++i) {
        f.start_insert(i);
        expected.push_back(std::to_string(i) + " stored");
    }
    f.db->stop();
    CHECK_FALSE(f.db->healthy());
    f.start_insert(300, storage::admission::always);
    f.run();
    expected.emplace_back("300 unavailable: the service is stopping");
    CHECK(f.ended == expected);
    CHECK_FALSE(std::filesystem::exists(f.folder.file("test.db-wal")));
    CHECK(f.stored().size() == 300);
    f.db->stop(); // has no further effect
    CHECK(f.fatal.empty());
}
