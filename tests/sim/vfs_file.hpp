#pragma once

#include "tests/sim/disk.hpp"

#include <sqlite3.h>

#include <array>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace sim {

// What the connections to one database share while any is open: its locks and the index of its log, which
// SQLite keeps in shared memory and a restart makes anew.
struct shared_state
{
    struct slot
    {
        unsigned readers = 0;
        bool writer = false;
    };

    std::vector<std::unique_ptr<std::vector<char>>> regions;
    std::array<slot, SQLITE_SHM_NLOCK> slots{};
    std::map<const void*, int> levels; // the SQLITE_LOCK_ level of each connection
};

// What SQLite knows as an open file.
struct vfs_file
{
    sqlite3_file base{};
    disk* owner = nullptr;
    std::shared_ptr<disk_file> file;
    std::shared_ptr<shared_state> shared;
    std::array<int, SQLITE_SHM_NLOCK> held{}; // SQLITE_SHM_SHARED or SQLITE_SHM_EXCLUSIVE of each slot
};

// The functions of a vfs_file.
const sqlite3_io_methods* vfs_file_methods();

} // namespace sim
