#pragma once

#include <filesystem>

namespace bench {

// What the machine does when nothing of this project is in the way.
struct machine_figures
{
    double posts_per_s = 0;   // Beast client to Beast server over loopback, 64 connections
    double post_cpu_us = 0;   // both ends together
    double inserts_per_s = 0; // one SQLite table, 64 rows a commit, WAL, synchronous=FULL
    double insert_cpu_us = 0;
    double syncs_per_s = 0; // 4 KiB appended and fdatasync, one after the other
    double sync_median_ms = 0;
};

// Measures each for `seconds`, with its files in `folder`.
machine_figures measure_machine(const std::filesystem::path& folder, double seconds);

// The name of the file system that holds `folder`. Throws std::runtime_error for one that keeps its files in
// memory: there no commit waits for a disk.
std::string disk_file_system(const std::filesystem::path& folder);

} // namespace bench
