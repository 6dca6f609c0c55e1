#include "common/storage/make_durable.hpp"

#include <algorithm>
#include <limits>
#include <vector>

namespace storage {

namespace {

constexpr sqlite3_int64 chunk_bytes = 65'536;

void require(int code, const char* what)
{
    if (code != SQLITE_OK) {
        throw sqlite_error(code, std::string(what) + " (SQLite code " + std::to_string(code) + ")");
    }
}

// Writes the first `bytes` of a file over themselves.
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

void rewrite(connection& db, int which, sqlite3_int64 bytes_max)
{
    sqlite3_file* file = nullptr;
    sqlite3_file_control(db.handle(), "main", which, &file);
    if (file == nullptr || file->pMethods == nullptr) {
        return; // not there yet
    }
    sqlite3_int64 size = 0;
    require(file->pMethods->xFileSize(file, &size), "its size cannot be read");
    if (size > 0) {
        rewrite(file, std::min(size, bytes_max));
    }
}

} // namespace

void make_durable(connection& db)
{
    // All pages of the file but those of its creation come out of the log, which keeps them until a sync of
    // the file has succeeded.
    rewrite(db, SQLITE_FCNTL_FILE_POINTER, chunk_bytes);
    rewrite(db, SQLITE_FCNTL_JOURNAL_POINTER, std::numeric_limits<sqlite3_int64>::max());
}

} // namespace storage
