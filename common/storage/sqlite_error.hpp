#pragma once

#include <sqlite3.h>

#include <stdexcept>
#include <string>

namespace storage {

// A failure that SQLite reported. `code()` is its primary result code.
class sqlite_error : public std::runtime_error
{
public:
    sqlite_error(int extended_code, const std::string& what) : std::runtime_error(what), code_(extended_code)
    {}

    int code() const { return code_ & 0xff; }
    int extended_code() const { return code_; }

private:
    int code_;
};

// The failure that `handle` reported last, with SQLite's own words for it. `handle` may be null (no memory).
sqlite_error last_error(sqlite3* handle);

} // namespace storage
