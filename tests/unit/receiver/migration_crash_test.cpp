// Only in a build for tests has a service points at which it can be made to die.
#ifdef WAITING_ROOM_TEST_HOOKS

#include "common/runtime/crash_point.hpp"
#include "common/runtime/settings.hpp"
#include "common/storage/open_file.hpp"
#include "receiver-service/sqlite_transactions.hpp"
#include "tests/catch.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/receiver/fixture.hpp"

#include <csignal>
#include <cstdlib>
#include <sys/wait.h>
#include <unistd.h>

namespace {

constexpr int events_stored = 300;

void store_events(storage::connection& db)
{
    for (int i = 0; i < events_stored; ++i) {
        auto insert = db.prepare(
            "INSERT INTO events (user_id, idempotency_key, type, session_id, event_id, issued_at, "
            "received_at, "
            "skew_seconds, remote, head, body) VALUES (?, ?, 'T', 'wr', 'e', 'i', 1, 0, 'r', x'', x'7B7D')");
        const auto user = "user" + std::to_string(i);
        insert.bind(user).bind("evt_wr_" + user + "_active").execute();
    }
}

// Opens the database in a process of its own, which dies in the migration.
int status_of_dying_migration(const std::string& path)
{
    const auto process = ::fork();
    if (process == 0) {
        const runtime::environment chosen{{"RECEIVER_TEST_CRASH_POINT", "migration-under-way"}};
        runtime::settings_reader reader{chosen};
        runtime::read_crash_point(reader, "RECEIVER_");
        storage::open_for_writing(path, receiver::sqlite_owner, receiver::sqlite_migrations());
        ::_exit(0);
    }
    int status = 0;
    ::waitpid(process, &status, 0);
    return status;
}

} // namespace

TEST_CASE("a migration that is killed again and again keeps every event, and is carried out in the end")
{
    const test::temporary_folder folder;
    const auto path = folder.file("r.db");
    const auto steps = receiver::sqlite_migrations();
    store_events(*storage::open_for_writing(path, receiver::sqlite_owner, steps.first(1)));
    for (int times = 0; times < 3; ++times) {
        const int status = status_of_dying_migration(path);
        REQUIRE(WIFSIGNALED(status));
        CHECK(WTERMSIG(status) == SIGKILL);
    }
    const auto db = storage::open_for_writing(path, receiver::sqlite_owner, steps);
    for (int i = 0; i < events_stored; ++i) {
        const auto user = "user" + std::to_string(i);
        const auto inbox = receiver::sqlite::inbox(*db, user);
        REQUIRE(inbox.size() == 1);
        CHECK(inbox.front().idempotency_key == "evt_wr_" + user + "_active");
    }
}

#endif
