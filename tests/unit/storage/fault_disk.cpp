#include "tests/unit/storage/fault_disk.hpp"

#include <sqlite3.h>

#include <stdexcept>

namespace test {

namespace {

// The operating system's VFS opens the files, and of its methods only xSync is put in the way of.
fault_disk* current = nullptr;
sqlite3_vfs* real = nullptr;
sqlite3_vfs shim;

// The methods of one kind of file: the system's, and the same with an xSync of ours.
struct methods
{
    std::once_flag known;
    sqlite3_io_methods real = {};
    sqlite3_io_methods ours = {};

    void replace(sqlite3_file* file, int (*sync)(sqlite3_file*, int))
    {
        std::call_once(known, [&] {
            real = ours = *file->pMethods;
            ours.xSync = sync;
        });
        file->pMethods = &ours;
    }
};

methods log_methods;
methods file_methods;

int sync_log(sqlite3_file* file, int flags)
{
    return current->log_sync() ? log_methods.real.xSync(file, flags) : SQLITE_IOERR_FSYNC;
}

int sync_file(sqlite3_file* file, int flags)
{
    return current->file_sync() ? file_methods.real.xSync(file, flags) : SQLITE_IOERR_FSYNC;
}

int open_file(sqlite3_vfs* /*shim*/, const char* name, sqlite3_file* file, int flags, int* out_flags)
{
    const int code = real->xOpen(real, name, file, flags, out_flags);
    if (code != SQLITE_OK || file->pMethods == nullptr) {
        return code;
    }
    if ((flags & SQLITE_OPEN_WAL) != 0) {
        log_methods.replace(file, sync_log);
    }
    else if ((flags & SQLITE_OPEN_MAIN_DB) != 0) {
        file_methods.replace(file, sync_file);
    }
    return code;
}

} // namespace

fault_disk::fault_disk()
{
    if (current != nullptr) {
        throw std::logic_error("there is one fault_disk already");
    }
    current = this;
    real = sqlite3_vfs_find(nullptr);
    shim = *real;
    shim.pNext = nullptr;
    shim.zName = "fault-disk";
    shim.xOpen = open_file;
    sqlite3_vfs_register(&shim, 1);
}

fault_disk::~fault_disk()
{
    sqlite3_vfs_unregister(&shim);
    sqlite3_vfs_register(real, 1);
    current = nullptr;
}

int fault_disk::log_syncs()
{
    const std::lock_guard lock(mutex_);
    return log_syncs_;
}

void fault_disk::fail_log_syncs(bool failing)
{
    const std::lock_guard lock(mutex_);
    log_failing_ = failing;
}

void fault_disk::fail_file_syncs(bool failing)
{
    const std::lock_guard lock(mutex_);
    file_failing_ = failing;
}

void fault_disk::hold_log_syncs()
{
    const std::lock_guard lock(mutex_);
    holding_ = true;
    held_ = false;
}

void fault_disk::wait_until_held()
{
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return held_; });
}

void fault_disk::release_log_syncs()
{
    {
        const std::lock_guard lock(mutex_);
        holding_ = false;
    }
    changed_.notify_all();
}

bool fault_disk::log_sync()
{
    std::unique_lock lock(mutex_);
    ++log_syncs_;
    held_ = holding_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return !holding_; });
    return !log_failing_;
}

bool fault_disk::file_sync()
{
    const std::lock_guard lock(mutex_);
    return !file_failing_;
}

} // namespace test
