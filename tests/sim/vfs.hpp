#pragma once

#include "tests/sim/disk.hpp"
#include "tests/sim/scheduler.hpp"

#include <string>

namespace sim {

// SQLite's view of the simulated disks. While it lives it is SQLite's default file system: each database is
// found on the disk of the folder that its path begins with, time is the scheduler's, and SQLite's own
// randomness comes from the seed. One at a time.
class vfs
{
public:
    vfs(const scheduler& time, random& draws);
    ~vfs();
    vfs(const vfs&) = delete;
    vfs& operator=(const vfs&) = delete;

    void mount(const std::string& folder, disk& what);
};

} // namespace sim
