#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace storage {

// How many bytes a process without privileges can still write to the file system of `path`; nothing when that
// cannot be told.
std::optional<std::uint64_t> free_bytes(const std::string& path);

struct free_disk_options
{
    std::uint64_t bytes_min = 0;         // below it new work is refused; 0 never asks
    std::chrono::milliseconds kept{250}; // how long an answer is believed; asking costs a system call
    std::function<std::optional<std::uint64_t>()> ask; // thread-safe; by default free_bytes() of the database
    std::function<void(bool low)> on_change;           // told, on whichever thread saw it, when low() changes
};

// Whether there is too little disk for new work, so that what was promised before still has room.
// Thread-safe.
class free_disk
{
public:
    explicit free_disk(free_disk_options options);

    // Not low where the free space cannot be told: a disk that is really full says so when it is written to.
    bool low();

private:
    using steady = std::chrono::steady_clock;

    const free_disk_options options_;
    std::atomic<steady::time_point> ask_again_at_{steady::time_point::min()};
    std::atomic<bool> low_ = false;
};

} // namespace storage
