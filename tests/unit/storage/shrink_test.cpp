#include "common/storage/open_file.hpp"
#include "common/storage/shrink.hpp"
#include "tests/catch.hpp"
#include "tests/unit/storage/fixture.hpp"

#include <filesystem>

namespace {

// SQLite has a page after each 820 that tells where they belong; it goes with the last of them.
constexpr std::int64_t map_pages_max = 1;

// A file with rows of two pages each, of which the first ones are deleted.
struct used_file
{
    used_file(int rows, int deleted)
    {
        db->run_script("BEGIN");
        for (int row = 0; row < rows; ++row)
            db->prepare("INSERT INTO t VALUES (?, zeroblob(8000))").bind(row).execute();
        db->prepare("DELETE FROM t WHERE value < ?").bind(deleted).execute();
        db->run_script("COMMIT");
    }

    std::int64_t number(std::string_view query)
    {
        auto row = db->prepare(query);
        row.step();
        return row.integer(0);
    }
    std::int64_t pages() { return number("PRAGMA page_count"); }
    std::int64_t unused() { return number("PRAGMA freelist_count"); }

    test::temporary_folder folder;
    std::string path = folder.file("test.db");
    std::unique_ptr<storage::connection> db = storage::open_for_writing(path, {}, test::one_table);
};

} // namespace

TEST_CASE("a file gives back what deleted rows left, a bounded number of pages at once, and loses no row")
{
    used_file file(2'000, 1'900);
    auto pages = file.pages();
    REQUIRE(file.unused() > 3'000);
    for (int turn = 0; turn < 4; ++turn) {
        storage::shrink(*file.db);
        const auto given_back = pages - file.pages();
        CHECK(given_back >= storage::shrunk_pages_max);
        CHECK(given_back <= storage::shrunk_pages_max + map_pages_max);
        pages -= given_back;
    }
    for (int turn = 0; turn < 100; ++turn)
        storage::shrink(*file.db);
    CHECK(file.unused() == storage::spare_pages_max);
    CHECK(file.number("SELECT count(*) FROM t WHERE length(bytes) = 8000") == 100);
    auto check = file.db->prepare("PRAGMA integrity_check");
    REQUIRE(check.step());
    CHECK(check.text(0) == "ok");
}

TEST_CASE("a checkpoint cuts a file that was shrunk")
{
    used_file file(2'000, 1'900);
    const auto cut = [&] {
        sqlite3_wal_checkpoint_v2(file.db->handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
        return std::filesystem::file_size(file.path);
    };
    const auto before = cut();
    storage::shrink(*file.db);
    CHECK(cut() <= before - static_cast<std::uintmax_t>(storage::shrunk_pages_max) * 4'096);
}

TEST_CASE("a file keeps 1,000 unused pages, or an eighth of its pages, for what is to come")
{
    const bool large = GENERATE(false, true);
    used_file file(large ? 6'000 : 600, large ? 700 : 450);
    const auto unused = file.unused();
    REQUIRE(unused > (large ? 1'000 : 800));
    const auto pages = file.pages();
    storage::shrink(*file.db);
    CHECK(file.pages() == pages);
    CHECK(file.unused() == unused);
}

TEST_CASE("what was shrunk in a transaction that is rolled back is whole again")
{
    used_file file(2'000, 1'900);
    const auto pages = file.pages();
    file.db->run_script("BEGIN IMMEDIATE");
    storage::shrink(*file.db);
    CHECK(file.pages() < pages);
    CHECK(file.db->in_transaction());
    file.db->run_script("ROLLBACK");
    CHECK(file.pages() == pages);
}
