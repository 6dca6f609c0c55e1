#include "common/storage/free_disk.hpp"
#include "tests/catch.hpp"
#include "tests/unit/storage/fixture.hpp"

#include <filesystem>
#include <limits>

using namespace std::chrono_literals;
using lines = std::vector<std::string>;

namespace {

constexpr std::uint64_t bytes_min = 1'000;

// A disk whose free space the test chooses, and what was asked of and told about it.
struct chosen_disk
{
    std::optional<std::uint64_t> left = bytes_min;
    int asked = 0;
    std::vector<bool> told;

    storage::free_disk_options options(std::chrono::milliseconds kept = 0ms)
    {
        storage::free_disk_options options;
        options.bytes_min = bytes_min;
        options.kept = kept;
        options.ask = [this] {
            ++asked;
            return left;
        };
        options.on_change = [this](bool low) { told.push_back(low); };
        return options;
    }
};

// How long the log becomes while 20 MB are written.
std::uintmax_t log_bytes_of_20_mb(chosen_disk& disk)
{
    test::database_fixture f(false, 8'192, disk.options());
    for (int i = 0; i < 10; ++i) {
        f.start(std::to_string(i), f.insert_bytes(i, 2'000'000, storage::admission::always));
        f.drive();
    }
    return std::filesystem::file_size(f.folder.file("test.db-wal"));
}

} // namespace

TEST_CASE("the free disk is low below its minimum, not at it, and not when it cannot be told")
{
    chosen_disk disk;
    storage::free_disk space(disk.options());
    CHECK_FALSE(space.low());
    disk.left = bytes_min - 1;
    CHECK(space.low());
    CHECK(space.low());
    disk.left = std::nullopt;
    CHECK_FALSE(space.low());
    disk.left = 0;
    CHECK(space.low());
    CHECK(disk.told == std::vector<bool>{true, false, true});
}

TEST_CASE("an answer about the free disk is believed for a while")
{
    chosen_disk disk;
    disk.left = 0;
    storage::free_disk space(disk.options(1h));
    for (int i = 0; i < 1'000; ++i)
        CHECK(space.low());
    CHECK(disk.asked == 1);
}

TEST_CASE("a minimum of 0 never asks")
{
    chosen_disk disk;
    disk.left = 0;
    auto options = disk.options();
    options.bytes_min = 0;
    storage::free_disk space(std::move(options));
    CHECK_FALSE(space.low());
    CHECK(disk.asked == 0);
}

TEST_CASE("the free space is told of a file that is there, and of no other")
{
    const test::temporary_folder folder;
    const auto left = storage::free_bytes(folder.file(""));
    REQUIRE(left.has_value());
    CHECK(*left > 0);
    CHECK_FALSE(storage::free_bytes(folder.file("none/such")).has_value());
}

TEST_CASE("while the free disk is low new work is refused, and what was promised goes on")
{
    chosen_disk disk;
    test::database_fixture f(false, 8'192, disk.options());
    f.start_insert(1);
    disk.left = bytes_min - 1;
    f.start_insert(2);
    f.start_insert(3, storage::admission::always);
    f.start_insert(4, storage::admission::patient);
    f.start_insert(6, storage::admission::control);
    f.poll();
    CHECK(f.ended == lines{"2 unavailable: too little disk is free"});
    f.drive();
    CHECK(f.stored() == std::vector<std::int64_t>{1, 3, 4, 6});
    CHECK(f.db->healthy());
    disk.left = bytes_min;
    f.start_insert(5);
    f.drive();
    CHECK(f.stored() == std::vector<std::int64_t>{1, 3, 4, 6, 5});
}

TEST_CASE("while the free disk is low the log is written over again and again")
{
    chosen_disk disk;
    CHECK(log_bytes_of_20_mb(disk) > 20'000'000);
    disk.left = bytes_min - 1;
    CHECK(log_bytes_of_20_mb(disk) < 8'000'000);
}

TEST_CASE("a database asks for the free space of its own disk")
{
    storage::free_disk_options options;
    options.bytes_min = std::numeric_limits<std::uint64_t>::max(); // more than any disk has
    test::database_fixture f(false, 8'192, std::move(options));
    f.start_insert(1);
    f.drive();
    CHECK(f.ended == lines{"1 unavailable: too little disk is free"});
}
