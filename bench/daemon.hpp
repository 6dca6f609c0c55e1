#pragma once

#include "bench/commit_log.hpp"
#include "tests/integration/support/child.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace bench {

inline constexpr const char* shared_secret = "a-secret-of-the-benchmark";

// What a process has used since its start, and holds now.
struct usage
{
    double cpu_s = 0;
    std::uint64_t written_bytes = 0;  // sent to the disk (/proc/PID/io, write_bytes)
    std::uint64_t resident_bytes = 0; // without the memory that the bench shares with it
};

struct daemon_options
{
    std::filesystem::path program;
    std::string prefix; // "SENDER_" or "RECEIVER_"
    std::filesystem::path database;
    integration::settings more;
    std::size_t commits_logged = 0;  // 0: without the probe
    std::int64_t sessions_known = 0; // as in commit_log
};

// One of the two executables, running, on a free port of 127.0.0.1. Killed when this object goes.
class daemon
{
public:
    // Starts it and waits until /readyz says so. Throws std::runtime_error with its log when it does not.
    explicit daemon(const daemon_options& options);
    ~daemon();
    daemon(const daemon&) = delete;
    daemon& operator=(const daemon&) = delete;

    std::uint16_t port() const { return port_; }
    std::int64_t ready_after_ns() const { return ready_after_ns_; } // from just before fork and exec
    const commit_log& commits() const { return *log_; }             // with the probe only
    usage used() const;

    // SIGTERM. Throws std::runtime_error when it does not end with status 0.
    void stop();

private:
    void wait_until_ready(std::int64_t started_ns);
    void map_log(const daemon_options& options);

    std::uint16_t port_;
    int log_file_ = -1;
    std::size_t log_bytes_ = 0;
    commit_log* log_ = nullptr;
    std::unique_ptr<integration::child> process_;
    std::int64_t ready_after_ns_ = 0;
};

} // namespace bench
