#pragma once

#include <string>

namespace storage {

// An exclusive flock(2) on `<path>.lock`, held as long as this lives; the file stays. It is not the database
// itself that is locked, since closing another descriptor of that would drop SQLite's own locks.
class file_lock
{
public:
    // Throws std::runtime_error with a sentence for the operator: another process holds it, the folder is
    // not there, or nothing can be written in it.
    explicit file_lock(const std::string& path);
    ~file_lock();

    file_lock(const file_lock&) = delete;
    file_lock& operator=(const file_lock&) = delete;

private:
    int descriptor_;
};

} // namespace storage
