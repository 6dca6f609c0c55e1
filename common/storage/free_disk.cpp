#include "common/storage/free_disk.hpp"

#include <sys/statvfs.h>
#include <utility>

namespace storage {

std::optional<std::uint64_t> free_bytes(const std::string& path)
{
    struct statvfs seen = {};
    if (::statvfs(path.c_str(), &seen) != 0)
        return std::nullopt;
    return std::uint64_t{seen.f_bavail} * seen.f_frsize;
}

free_disk::free_disk(free_disk_options options) : options_(std::move(options)) {}

bool free_disk::low()
{
    if (options_.bytes_min == 0)
        return false;
    const auto now = steady::now();
    auto until = ask_again_at_.load();
    // Of those who come at the same time one asks.
    if (now < until || !ask_again_at_.compare_exchange_strong(until, now + options_.kept))
        return low_;
    const auto left = options_.ask();
    const bool low = left && *left < options_.bytes_min;
    if (low_.exchange(low) != low && options_.on_change)
        options_.on_change(low);
    return low;
}

} // namespace storage
