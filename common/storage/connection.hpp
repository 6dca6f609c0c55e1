#pragma once

#include "common/storage/sqlite_error.hpp"
#include "common/storage/statement.hpp"

#include <sqlite3.h>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace storage {

// One SQLite connection with a cache of its prepared statements. For one thread at a time.
class connection
{
public:
    enum class mode { read_write_create, read_only };

    // Opens the file and sets what every connection needs. Throws sqlite_error.
    connection(const std::string& path, mode how);
    ~connection();
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    // Lends the statement of `sql`, prepared when it is first asked for and kept as long as the connection:
    // so `sql` is one of the program's literals, and values are bound. Throws sqlite_error, and
    // std::logic_error while the same statement is on loan.
    statement prepare(std::string_view sql);

    // Runs one or more statements that give no rows and are run once (schema, pragmas). Throws sqlite_error.
    void run_script(const std::string& sql);

    std::int64_t last_insert_id() const { return sqlite3_last_insert_rowid(handle_); }
    std::int64_t changes() const { return sqlite3_changes64(handle_); }
    bool in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }
    sqlite3* handle() { return handle_; }

private:
    void configure(mode how);

    sqlite3* handle_ = nullptr;
    std::map<std::string, cached_statement, std::less<>> statements_;
};

} // namespace storage
