#include "common/storage/make_durable.hpp"

#include <algorithm>
#include <limits>
#include <vector>

namespace storage {

namespace {

constexpr sqlite3_int64 chunk_bytes = 65'536;
constexpr sqlite3_int64 file_bytes_new_max =
    65'536; // of a database that may have been made by the life before

void require(int code, const char* what)
{
    if (code != SQLITE_OK) {
        throw sqlite_error(code, std::string(what) + " (SQLite code " + std::to_string(code) + ")");
    }
}

// Writes a file's bytes over themselves.
void rewrite(sqlite3_file* file, sqlite3_int64 bytes)
{
    std::vector<char> chunk(static_cast<std::size_t>(std::min(bytes, chunk_bytes)));
    for (sqlite3_int64 at = 0; at < bytes; at += chunk_bytes) {
        const auto count = static_cast<int>(std::min(bytes - at, chunk_bytes));
        require(file->pMethods->xRead(file, chunk.data(), count, at), "it cannot be read");
        require(file->pMethods->xWrite(file, chunk.data(), count, at), "it cannot be written");
    }
    require(file->pMethods->xSync(file, SQLITE_SYNC_FULL), "it cannot be made durable");
}

// Does so unless the file is longer than `bytes_max`.
void rewrite(connection& db, int which, sqlite3_int64 bytes_max)
{
    sqlite3_file* file = nullptr;
    sqlite3_file_control(db.handle(), "main", which, &file);
    if (file == nullptr || file->pMethods == nullptr) {
        return; // not there yet
    }
    sqlite3_int64 size = 0;
    require(file->pMethods->xFileSize(file, &size), "its size cannot be read");
    if (size > 0 && size <= bytes_max) {
        rewrite(file, size);
    }
}

} // namespace

void make_durable(connection& db)
{
    // All pages of the file but those of its creation come out of the log, which keeps them until a sync of
    // the file has succeeded.
    rewrite(db, SQLITE_FCNTL_FILE_POINTER, file_bytes_new_max);
    db.run_script("BEGIN IMMEDIATE"); // nobody beside us writes to the log meanwhile
    rewrite(db, SQLITE_FCNTL_JOURNAL_POINTER, std::numeric_limits<sqlite3_int64>::max());
    db.run_script("ROLLBACK");
}

} // namespace storage
