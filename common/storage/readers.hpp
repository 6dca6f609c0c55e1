#pragma once

#include "common/storage/connection.hpp"
#include "common/storage/disk_health.hpp"
#include "common/storage/work_queue.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace storage {

inline constexpr std::size_t read_queue_max = 1'024;
inline constexpr std::chrono::seconds read_time_max{1};

// Runs what is queued, each operation in a snapshot of its own, on read-only connections.
class readers
{
public:
    // Opens `connections` (at least 1); all references outlive it. Throws sqlite_error.
    readers(const std::string& path, std::size_t connections, work_queue& queue, disk_health& health);
    ~readers(); // the queue is closed by then

    readers(const readers&) = delete;
    readers& operator=(const readers&) = delete;

    // Starts a thread for each connection; they end when the queue is closed and drained.
    void start_threads();

    // Runs all that is queued, on the caller's thread; false when there was nothing. Without threads only.
    bool step();

private:
    void run(connection& db);
    void read(connection& db, operation& one);

    work_queue& queue_;
    disk_health& health_;
    std::vector<std::unique_ptr<connection>> connections_;
    std::vector<std::thread> threads_;
};

} // namespace storage
