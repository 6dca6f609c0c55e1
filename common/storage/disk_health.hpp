#pragma once

#include "common/runtime/errors.hpp"

#include <atomic>
#include <exception>
#include <functional>
#include <string>

namespace storage {

// Whether the disk can be trusted. After a failed fsync, an I/O error or corruption it cannot, for good: a
// second try can report success for data that is gone. Thread-safe.
class disk_health
{
public:
    explicit disk_health(std::function<void(const std::string& what)> on_fatal);

    bool failed() const { return failed_; }

    // Marks the disk as failed; tells on_fatal the first time.
    void fail(const std::string& what);

private:
    std::function<void(const std::string& what)> on_fatal_;
    std::atomic<bool> failed_ = false;
};

// True for the SQLite result codes after which nothing more may be acknowledged.
bool is_fatal(int code);

// What everyone is told once the disk failed.
inline constexpr const char* disk_failed = "the storage has failed; nothing was stored";

// What the callers of operations are told, for the client's eyes. A new exception each time, since an
// exception that two threads hold is freed by whichever comes last.
std::exception_ptr make_unavailable(const char* why);

} // namespace storage
