#include "tests/sim/vfs_file.hpp"

#include <algorithm>
#include <cstring>

namespace sim {

namespace {

vfs_file& of(sqlite3_file* base)
{
    return *reinterpret_cast<vfs_file*>(base);
}

int code_of(disk_result result, int failure)
{
    if (result == disk_result::done)
        return SQLITE_OK;
    return result == disk_result::full ? SQLITE_FULL : failure;
}

int close(sqlite3_file* base)
{
    auto& file = of(base);
    if (file.shared)
        file.shared->levels.erase(&file);
    file.~vfs_file();
    return SQLITE_OK;
}

int read(sqlite3_file* base, void* into, int bytes, sqlite3_int64 offset)
{
    const auto& file = of(base);
    if (!file.owner->powered())
        return SQLITE_IOERR_READ;
    const auto& content = file.file->content;
    const auto wanted = static_cast<std::size_t>(bytes);
    const auto from = std::min(static_cast<std::size_t>(offset), content.size());
    const auto there = std::min(wanted, content.size() - from);
    std::memcpy(into, content.data() + from, there);
    std::memset(static_cast<char*>(into) + there, 0, wanted - there); // as SQLite demands of a short read
    return there == wanted ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int write(sqlite3_file* base, const void* from, int bytes, sqlite3_int64 offset)
{
    auto& file = of(base);
    const std::string_view what(static_cast<const char*>(from), static_cast<std::size_t>(bytes));
    const auto result = file.owner->write(*file.file, static_cast<std::size_t>(offset), what);
    return code_of(result, SQLITE_IOERR_WRITE);
}

int truncate(sqlite3_file* base, sqlite3_int64 size)
{
    auto& file = of(base);
    return code_of(file.owner->truncate(*file.file, static_cast<std::size_t>(size)), SQLITE_IOERR_TRUNCATE);
}

int sync(sqlite3_file* base, int)
{
    auto& file = of(base);
    return code_of(file.owner->sync(*file.file), SQLITE_IOERR_FSYNC);
}

int file_size(sqlite3_file* base, sqlite3_int64* size)
{
    *size = static_cast<sqlite3_int64>(of(base).file->content.size());
    return SQLITE_OK;
}

// The highest level that another connection holds.
int level_of_others(const vfs_file& file)
{
    int highest = SQLITE_LOCK_NONE;
    for (const auto& [holder, level] : file.shared->levels)
        if (holder != &file)
            highest = std::max(highest, level);
    return highest;
}

int lock(sqlite3_file* base, int level)
{
    auto& file = of(base);
    const int others = level_of_others(file);
    const bool exclusive = level == SQLITE_LOCK_EXCLUSIVE && others >= SQLITE_LOCK_SHARED;
    const bool reserved = level >= SQLITE_LOCK_RESERVED && others >= SQLITE_LOCK_RESERVED;
    if (exclusive || reserved || others >= SQLITE_LOCK_PENDING)
        return SQLITE_BUSY;
    file.shared->levels[&file] = std::max(level, file.shared->levels[&file]);
    return SQLITE_OK;
}

int unlock(sqlite3_file* base, int level)
{
    auto& file = of(base);
    file.shared->levels[&file] = std::min(level, file.shared->levels[&file]);
    return SQLITE_OK;
}

int check_reserved(sqlite3_file* base, int* reserved)
{
    auto& file = of(base);
    *reserved = std::max(level_of_others(file), file.shared->levels[&file]) >= SQLITE_LOCK_RESERVED ? 1 : 0;
    return SQLITE_OK;
}

int file_control(sqlite3_file*, int, void*)
{
    return SQLITE_NOTFOUND;
}

int sector_size(sqlite3_file*)
{
    return 4'096;
}

int device_characteristics(sqlite3_file*)
{
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE; // what SQLite assumes of a real disk on Linux
}

int shm_map(sqlite3_file* base, int region, int bytes, int extend, void volatile** where)
{
    auto& regions = of(base).shared->regions;
    const auto index = static_cast<std::size_t>(region);
    if (index >= regions.size() && extend == 0) {
        *where = nullptr;
        return SQLITE_OK;
    }
    while (index >= regions.size())
        regions.push_back(std::make_unique<std::vector<char>>(static_cast<std::size_t>(bytes)));
    *where = regions[index]->data();
    return SQLITE_OK;
}

int shm_lock(sqlite3_file* base, int first, int count, int how)
{
    auto& file = of(base);
    const bool exclusive = (how & SQLITE_SHM_EXCLUSIVE) != 0;
    const auto range = [&](auto visit) {
        for (int i = first; i < first + count; ++i)
            visit(file.shared->slots[static_cast<std::size_t>(i)], file.held[static_cast<std::size_t>(i)]);
    };
    if ((how & SQLITE_SHM_UNLOCK) != 0) {
        range([](shared_state::slot& slot, int& held) {
            if (held == SQLITE_SHM_SHARED)
                --slot.readers;
            else if (held == SQLITE_SHM_EXCLUSIVE)
                slot.writer = false;
            held = 0;
        });
        return SQLITE_OK;
    }
    bool free = true;
    range([&](const shared_state::slot& slot, int held) {
        const auto other_readers = slot.readers - (held == SQLITE_SHM_SHARED ? 1U : 0U);
        free = free && !slot.writer && (!exclusive || other_readers == 0);
    });
    if (!free)
        return SQLITE_BUSY;
    range([&](shared_state::slot& slot, int& held) {
        if (held == 0 && !exclusive)
            ++slot.readers;
        slot.writer = exclusive;
        held = exclusive ? SQLITE_SHM_EXCLUSIVE : SQLITE_SHM_SHARED;
    });
    return SQLITE_OK;
}

void shm_barrier(sqlite3_file*) {}

int shm_unmap(sqlite3_file* base, int)
{
    for (int i = 0; i < SQLITE_SHM_NLOCK; ++i)
        shm_lock(base, i, 1, SQLITE_SHM_UNLOCK);
    return SQLITE_OK;
}

sqlite3_io_methods make_methods()
{
    sqlite3_io_methods methods{};
    methods.iVersion = 2;
    methods.xClose = close;
    methods.xRead = read;
    methods.xWrite = write;
    methods.xTruncate = truncate;
    methods.xSync = sync;
    methods.xFileSize = file_size;
    methods.xLock = lock;
    methods.xUnlock = unlock;
    methods.xCheckReservedLock = check_reserved;
    methods.xFileControl = file_control;
    methods.xSectorSize = sector_size;
    methods.xDeviceCharacteristics = device_characteristics;
    methods.xShmMap = shm_map;
    methods.xShmLock = shm_lock;
    methods.xShmBarrier = shm_barrier;
    methods.xShmUnmap = shm_unmap;
    return methods;
}

} // namespace

const sqlite3_io_methods* vfs_file_methods()
{
    static const sqlite3_io_methods methods = make_methods();
    return &methods;
}

} // namespace sim
