#include "common/storage/checkpoint_crash.hpp"

#ifdef WAITING_ROOM_TEST_HOOKS

#include "common/runtime/crash_point.hpp"

namespace storage {

namespace {

// How the file was written to before; of the one writing connection that a process with a crash point has.
const sqlite3_io_methods* original = nullptr;

int write_and_crash(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset)
{
    const int code = original->xWrite(file, bytes, count, offset);
    runtime::crash_at(runtime::crash_point::checkpoint);
    return code;
}

} // namespace

// In WAL mode commits write to the log alone, and only checkpoints to the file: its own writes are hooked.
void crash_in_checkpoints(connection& db)
{
    if (!runtime::is_chosen(runtime::crash_point::checkpoint)) {
        return;
    }
    sqlite3_file* file = nullptr;
    sqlite3_file_control(db.handle(), "main", SQLITE_FCNTL_FILE_POINTER, &file);
    static sqlite3_io_methods hooked;
    original = file->pMethods;
    hooked = *original;
    hooked.xWrite = write_and_crash;
    file->pMethods = &hooked;
}

} // namespace storage

#endif
