#include "common/storage/connection.hpp"

namespace storage {

namespace {

// Somebody beside us (a backup, sqlite3 on the command line) may hold a lock for a moment.
constexpr int busy_timeout_ms = 5'000;

} // namespace

sqlite_error last_error(sqlite3* handle)
{
    if (handle == nullptr) {
        return {SQLITE_NOMEM, "out of memory"};
    }
    const int code = sqlite3_extended_errcode(handle);
    return {code, std::string(sqlite3_errmsg(handle)) + " (SQLite code " + std::to_string(code) + ")"};
}

connection::connection(const std::string& path, mode how)
{
    const int access =
        how == mode::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    try {
        if (sqlite3_open_v2(path.c_str(), &handle_, access | SQLITE_OPEN_NOMUTEX, nullptr) != SQLITE_OK) {
            throw last_error(handle_);
        }
        configure(how);
    }
    catch (...) {
        sqlite3_close(handle_);
        throw;
    }
}

connection::~connection()
{
    for (const auto& entry : statements_) {
        sqlite3_finalize(entry.second.handle);
    }
    sqlite3_close(handle_);
}

void connection::configure(mode how)
{
    sqlite3_extended_result_codes(handle_, 1);
    sqlite3_busy_timeout(handle_, busy_timeout_ms);
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    run_script("PRAGMA trusted_schema = OFF;"
               "PRAGMA foreign_keys = OFF;"
               "PRAGMA temp_store = MEMORY;"
               "PRAGMA mmap_size = 0;"); // an I/O error must come back as an error, not as SIGBUS
    run_script(how == mode::read_only ? "PRAGMA query_only = ON; PRAGMA cache_size = -2048;"
                                      : "PRAGMA cache_size = -8192;"); // KiB
}

statement connection::prepare(std::string_view sql)
{
    auto found = statements_.find(sql);
    if (found == statements_.end()) {
        sqlite3_stmt* handle = nullptr;
        if (sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                               &handle, nullptr) != SQLITE_OK)
        {
            throw last_error(handle_);
        }
        found = statements_.emplace(sql, cached_statement{handle}).first;
    }
    return statement(found->second);
}

void connection::run_script(const std::string& sql)
{
    if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
        throw last_error(handle_);
    }
}

} // namespace storage
