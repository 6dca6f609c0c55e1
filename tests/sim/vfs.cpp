#include "tests/sim/vfs.hpp"

#include "tests/sim/vfs_file.hpp"

#include <cstring>
#include <new>
#include <stdexcept>
#include <string_view>

namespace sim {

namespace {

constexpr std::int64_t julian_milliseconds_of_1970 = 210'866'760'000'000;

struct mounted
{
    std::string folder;
    disk* what = nullptr;
    std::map<std::string, std::weak_ptr<shared_state>> shared; // by path
};

// SQLite's functions of a file system have no argument of ours that they all get, so this is global.
struct current_world
{
    const scheduler* time = nullptr;
    random* draws = nullptr;
    std::vector<mounted> mounts;
};

current_world world; // NOLINT(cppcoreguidelines-avoid-non-const-global-variables): see above

mounted& mount_of(std::string_view path)
{
    for (auto& each : world.mounts)
        if (path.substr(0, each.folder.size()) == each.folder)
            return each;
    throw std::logic_error("no simulated disk holds " + std::string(path));
}

int open(sqlite3_vfs*, const char* path, sqlite3_file* base, int flags, int* flags_out)
{
    if (path == nullptr)
        return SQLITE_CANTOPEN; // temporary files stay in memory (PRAGMA temp_store)
    auto& mount = mount_of(path);
    if (!mount.what->powered())
        return SQLITE_CANTOPEN;
    auto* const file = new (base) vfs_file;
    file->base.pMethods = vfs_file_methods();
    file->owner = mount.what;
    file->file = mount.what->open(path);
    file->shared = mount.shared[path].lock();
    if (!file->shared) {
        file->shared = std::make_shared<shared_state>();
        mount.shared[path] = file->shared;
    }
    if (flags_out != nullptr)
        *flags_out = flags;
    return SQLITE_OK;
}

int remove(sqlite3_vfs*, const char* path, int)
{
    return mount_of(path).what->remove(path) == disk_result::done ? SQLITE_OK : SQLITE_IOERR_DELETE;
}

int access(sqlite3_vfs*, const char* path, int, int* result)
{
    *result = mount_of(path).what->exists(path) ? 1 : 0;
    return SQLITE_OK;
}

int full_path(sqlite3_vfs*, const char* path, int bytes, char* into)
{
    const auto length = std::strlen(path);
    if (length >= static_cast<std::size_t>(bytes))
        return SQLITE_CANTOPEN;
    std::memcpy(into, path, length + 1);
    return SQLITE_OK;
}

int randomness(sqlite3_vfs*, int bytes, char* into)
{
    for (int i = 0; i < bytes; ++i)
        into[i] = static_cast<char>(world.draws->bits());
    return bytes;
}

// Whoever waits for a lock would wait for itself: there is one thread.
int pause(sqlite3_vfs*, int microseconds)
{
    return microseconds;
}

int current_time(sqlite3_vfs*, sqlite3_int64* milliseconds)
{
    *milliseconds = julian_milliseconds_of_1970 +
                    std::chrono::duration_cast<std::chrono::milliseconds>(world.time->now()).count();
    return SQLITE_OK;
}

int last_error(sqlite3_vfs*, int, char*)
{
    return 0;
}

sqlite3_vfs& registered()
{
    static sqlite3_vfs made = [] {
        sqlite3_vfs functions{};
        functions.iVersion = 2;
        functions.szOsFile = sizeof(vfs_file);
        functions.mxPathname = 512;
        functions.zName = "simulated";
        functions.xOpen = open;
        functions.xDelete = remove;
        functions.xAccess = access;
        functions.xFullPathname = full_path;
        functions.xRandomness = randomness;
        functions.xSleep = pause;
        functions.xGetLastError = last_error;
        functions.xCurrentTimeInt64 = current_time;
        return functions;
    }();
    return made;
}

} // namespace

vfs::vfs(const scheduler& time, random& draws)
{
    if (world.time != nullptr)
        throw std::logic_error("one simulated file system at a time");
    world.time = &time;
    world.draws = &draws;
    sqlite3_vfs_register(&registered(), 1);
    sqlite3_randomness(0, nullptr); // what SQLite draws from now on begins with this run's seed
}

vfs::~vfs()
{
    sqlite3_vfs_unregister(&registered());
    world = {};
}

void vfs::mount(const std::string& folder, disk& what)
{
    world.mounts.push_back({folder, &what, {}});
}

} // namespace sim
