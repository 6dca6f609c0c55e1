#include "tests/catch.hpp"
#include "tests/sim/disk.hpp"

namespace {

struct fixture
{
    sim::random draws{7};
    sim::faults suffered{draws};
    sim::disk disk{draws, suffered};
    std::shared_ptr<sim::disk_file> file = disk.open("a.db");
};

} // namespace

TEST_CASE("what was synced survives a power failure, and what was not is lost or torn in some run")
{
    bool kept_all = false;
    bool lost_all = false;
    fixture one;
    for (int round = 0; round < 200; ++round) {
        CHECK(one.disk.write(*one.file, 0, "synced") == sim::disk_result::done);
        CHECK(one.disk.sync(*one.file) == sim::disk_result::done);
        CHECK(one.disk.write(*one.file, 6, " and not") == sim::disk_result::done);
        CHECK(one.file->content == "synced and not");
        one.disk.restart(true);
        CHECK(one.file->content.substr(0, 6) == "synced");
        kept_all = kept_all || one.file->content == "synced and not";
        lost_all = lost_all || one.file->content == "synced";
        CHECK(one.disk.truncate(*one.file, 0) == sim::disk_result::done);
        CHECK(one.disk.sync(*one.file) == sim::disk_result::done);
    }
    CHECK(kept_all);
    CHECK(lost_all);
}

TEST_CASE("what was written survives the death of the process alone")
{
    fixture one;
    CHECK(one.disk.write(*one.file, 0, "written") == sim::disk_result::done);
    one.disk.power_off();
    one.disk.restart(false);
    CHECK(one.file->content == "written");
}

TEST_CASE("a long write is torn between sectors")
{
    bool torn = false;
    for (int round = 0; round < 300; ++round) {
        fixture one;
        one.draws = sim::random(static_cast<std::uint64_t>(round));
        CHECK(one.disk.write(*one.file, 0, std::string(4'096, 'x')) == sim::disk_result::done);
        one.disk.restart(true);
        CHECK(one.file->content.size() % 512 == 0);
        torn = torn || (!one.file->content.empty() && one.file->content.size() < 4'096);
    }
    CHECK(torn);
}

TEST_CASE("a full disk takes what fits into a file, and nothing more")
{
    fixture one;
    CHECK(one.disk.write(*one.file, 0, "1234") == sim::disk_result::done);
    one.disk.set_full(true);
    CHECK(one.disk.write(*one.file, 0, "abcd") == sim::disk_result::done);
    CHECK(one.disk.write(*one.file, 4, "e") == sim::disk_result::full);
    CHECK(one.file->content == "abcd");
}

TEST_CASE("a machine dies in the operation that was chosen, and nothing reaches its disk after that")
{
    fixture one;
    int deaths = 0;
    one.disk.on_death = [&] { ++deaths; };
    one.disk.die_after(2);
    CHECK(one.disk.write(*one.file, 0, "1") == sim::disk_result::done);
    CHECK(one.disk.write(*one.file, 1, "2") == sim::disk_result::off);
    CHECK(one.disk.sync(*one.file) == sim::disk_result::off);
    CHECK(deaths == 1);
    CHECK(one.file->content == "1");
    CHECK(one.file->synced.empty());
}

TEST_CASE("what a failed sync was to make durable never will be, though the next sync succeeds")
{
    fixture one;
    CHECK(one.disk.write(*one.file, 0, "1") == sim::disk_result::done);
    one.disk.break_next(sim::disk_operation::sync);
    CHECK(one.disk.sync(*one.file) == sim::disk_result::broken);
    CHECK(one.disk.sync(*one.file) == sim::disk_result::done);
    CHECK(one.file->content == "1");
    one.disk.restart(true);
    CHECK(one.file->content.empty());
}

TEST_CASE("a write that fails changes nothing")
{
    fixture one;
    one.disk.break_next(sim::disk_operation::write);
    CHECK(one.disk.write(*one.file, 0, "1") == sim::disk_result::broken);
    CHECK(one.file->content.empty());
}
