// Preloaded into a daemon (LD_PRELOAD) to see when its commits return, so that what is measured is the
// program as it is shipped. It stands before two functions of SQLite, notes the rows that a transaction
// changes, and when the statement COMMIT has returned, which under synchronous=FULL is after the fdatasync,
// writes them with that moment into memory that the bench shares. Some 100 ns a row.

#include "bench/commit_log.hpp"

#include <sqlite3.h>

#include <cstdlib>
#include <cstring>
#include <ctime>
#include <dlfcn.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <vector>

namespace {

using bench::commit_log;
using bench::commit_record;
using bench::row_kind;

template <class Function>
Function* real(const char* name)
{
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

commit_log* map_log()
{
    const char* descriptor =
        std::getenv(bench::commit_log_variable); // NOLINT(concurrency-mt-unsafe): at start
    struct stat file = {};
    if (descriptor == nullptr || ::fstat(std::atoi(descriptor), &file) != 0)
        return nullptr;
    auto* const memory = ::mmap(nullptr, static_cast<std::size_t>(file.st_size), PROT_READ | PROT_WRITE,
                                MAP_SHARED, std::atoi(descriptor), 0);
    return memory == MAP_FAILED ? nullptr : static_cast<commit_log*>(memory);
}

commit_log* const shared_log = map_log();
thread_local std::vector<commit_record> changed; // in the transaction that this thread has open

void note_row(void*, int operation, const char*, const char* table, sqlite3_int64 row)
{
    if (operation == SQLITE_INSERT && std::strcmp(table, "events") == 0)
        changed.push_back({0, row, row_kind::event_added});
    else if (operation == SQLITE_UPDATE && row > shared_log->sessions_known &&
             std::strcmp(table, "sessions") == 0)
        changed.push_back({0, row, row_kind::session_changed});
}

// Only a daemon's one writer commits rows, so one thread appends.
void publish()
{
    timespec now = {};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    auto used = shared_log->used.load(std::memory_order_relaxed);
    std::uint64_t events = 0;
    for (auto& one : changed) {
        if (used == shared_log->capacity) {
            shared_log->lost.fetch_add(1);
            continue;
        }
        one.at_ns = std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
        events += one.what == row_kind::event_added;
        shared_log->records[used++] = one;
    }
    shared_log->used.store(used, std::memory_order_release);
    shared_log->events_added.fetch_add(events, std::memory_order_release);
}

} // namespace

extern "C" {

int sqlite3_open_v2(const char* path, sqlite3** made, int flags, const char* vfs)
{
    static auto* const open = real<decltype(sqlite3_open_v2)>("sqlite3_open_v2");
    const int code = open(path, made, flags, vfs);
    if (code == SQLITE_OK && shared_log != nullptr)
        sqlite3_update_hook(*made, note_row, nullptr);
    return code;
}

int sqlite3_step(sqlite3_stmt* statement)
{
    static auto* const step = real<decltype(sqlite3_step)>("sqlite3_step");
    const int code = step(statement);
    if (changed.empty() || sqlite3_get_autocommit(sqlite3_db_handle(statement)) == 0)
        return code;
    if (code == SQLITE_DONE && std::strncmp(sqlite3_sql(statement), "COMMIT", 6) == 0)
        publish();
    changed.clear(); // committed, or rolled back
    return code;
}
}
