#include "bench/machine.hpp"

#include "bench/machine_posts.hpp"
#include "bench/samples.hpp"
#include "common/runtime/random.hpp"
#include "common/storage/connection.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <functional>
#include <sstream>
#include <stdexcept>
#include <sys/vfs.h>
#include <system_error>
#include <unistd.h>

namespace bench {

namespace {

constexpr int rows_in_commit = 64;     // as many as the generator has connections
constexpr std::size_t row_bytes = 600; // what an event takes
constexpr int commits_between_checkpoints = 1'000;

// A number of things done, and what they took.
struct measured
{
    double per_s = 0;
    double cpu_us = 0; // of one
};

measured measure(const std::function<std::uint64_t()>& work)
{
    const auto began_ns = now_ns();
    const auto cpu_s = own_cpu_s();
    const auto count = static_cast<double>(work());
    const auto wall_s = static_cast<double>(now_ns() - began_ns) / 1e9;
    return {count / wall_s, (own_cpu_s() - cpu_s) * 1e6 / count};
}

std::uint64_t count_inserts(const std::filesystem::path& folder, double seconds)
{
    storage::connection db((folder / "machine.db").string(), storage::connection::mode::read_write_create);
    db.run_script("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;"
                  "CREATE TABLE rows (id INTEGER PRIMARY KEY, at INTEGER, content BLOB);");
    const std::string content(row_bytes, 'x');
    const auto end_ns = now_ns() + static_cast<std::int64_t>(seconds * 1e9);
    std::uint64_t rows = 0;
    for (int commits = 1; now_ns() < end_ns; ++commits) {
        db.prepare("BEGIN IMMEDIATE").execute();
        for (int i = 0; i < rows_in_commit; ++i, ++rows)
            db.prepare("INSERT INTO rows (at, content) VALUES (?, ?)")
                .bind(now_ns())
                .bind_blob(content)
                .execute();
        db.prepare("COMMIT").execute();
        if (commits % commits_between_checkpoints == 0)
            sqlite3_wal_checkpoint_v2(db.handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    }
    return rows;
}

samples time_syncs(const std::filesystem::path& file, double seconds)
{
    const int written = ::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (written < 0)
        throw std::system_error(errno, std::generic_category(), file.string());
    const std::array<char, 4'096> page{};
    samples times;
    const auto end_ns = now_ns() + static_cast<std::int64_t>(seconds * 1e9);
    for (auto began_ns = now_ns(); began_ns < end_ns; began_ns = now_ns()) {
        if (::write(written, page.data(), page.size()) != std::ssize(page) || ::fdatasync(written) != 0)
            throw std::system_error(errno, std::generic_category(), file.string());
        times.add(now_ns() - began_ns);
    }
    ::close(written);
    return times;
}

} // namespace

machine_figures measure_machine(const std::filesystem::path& folder, double seconds)
{
    const auto posts = measure([&] { return count_posts(seconds); });
    const auto inserts = measure([&] { return count_inserts(folder, seconds); });
    auto syncs = time_syncs(folder / "machine.sync", seconds);
    return {.posts_per_s = posts.per_s,
            .post_cpu_us = posts.cpu_us,
            .inserts_per_s = inserts.per_s,
            .insert_cpu_us = inserts.cpu_us,
            .syncs_per_s = static_cast<double>(syncs.count()) / seconds,
            .sync_median_ms = syncs.percentile_ms(0.5)};
}

std::string disk_file_system(const std::filesystem::path& folder)
{
    constexpr std::uint64_t tmpfs = 0x01021994;
    constexpr std::uint64_t ramfs = 0x858458f6;
    constexpr std::uint64_t ext = 0xef53;
    constexpr std::uint64_t xfs = 0x58465342;
    constexpr std::uint64_t btrfs = 0x9123683e;
    constexpr std::uint64_t overlay = 0x794c7630;
    struct statfs about = {};
    if (::statfs(folder.c_str(), &about) != 0)
        throw std::system_error(errno, std::generic_category(), folder.string());
    switch (const auto magic = static_cast<std::uint32_t>(about.f_type)) {
    case tmpfs:
    case ramfs:
        throw std::runtime_error(folder.string() + " is in memory: a commit there waits for no disk; name a "
                                                   "folder on one with --folder");
    case ext:
        return "ext4";
    case xfs:
        return "xfs";
    case btrfs:
        return "btrfs";
    case overlay:
        return "overlayfs";
    default: {
        std::ostringstream name;
        name << "type 0x" << std::hex << magic;
        return name.str();
    }
    }
}

} // namespace bench
