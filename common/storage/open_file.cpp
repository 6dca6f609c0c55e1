#include "common/storage/open_file.hpp"

#include "common/runtime/planted_defect.hpp"
#include "common/storage/make_durable.hpp"

#include <cerrno>
#include <fcntl.h>
#include <stdexcept>
#include <system_error>
#include <unistd.h>

namespace storage {

namespace {

// SQLite would make the file readable by all that the umask lets. Its -wal and -shm take after this mode.
void create_private(const std::string& path)
{
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file >= 0) {
        ::close(file);
    }
    else if (errno != EEXIST) {
        throw std::runtime_error("the database " + path +
                                 " cannot be created: " + std::generic_category().message(errno));
    }
}

bool is_empty(connection& db)
{
    auto pages = db.prepare("PRAGMA page_count");
    return pages.step() && pages.integer(0) == 0;
}

void set_journal(connection& db)
{
    if (is_empty(db)) {
        db.run_script("PRAGMA auto_vacuum = INCREMENTAL"); // has to come before the first page
    }
    db.run_script("PRAGMA journal_mode = WAL;"
                  "PRAGMA synchronous = FULL;"
                  // SQLite's own checkpoints ignore a failed fsync; the writer's do not.
                  "PRAGMA wal_autocheckpoint = 0;"
                  "PRAGMA journal_size_limit = 67108864;"); // bytes: what a checkpoint's worth of pages takes
    if (runtime::planted(runtime::defect::not_synchronous)) {
        db.run_script("PRAGMA synchronous = OFF");
    }
    auto mode = db.prepare("PRAGMA journal_mode");
    if (!mode.step() || mode.text(0) != "wal") {
        throw std::runtime_error("its file system cannot hold a write-ahead log (WAL)");
    }
}

// SQLite copies the log into the file when the last connection closes. Whether it may depends on what the log
// is worth.
void checkpoint_on_close(connection& db, bool allowed)
{
    sqlite3_db_config(db.handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, allowed ? 0 : 1, nullptr);
}

} // namespace

std::unique_ptr<connection> open_for_writing(const std::string& path, application_id owner,
                                             std::span<const migration> steps)
{
    create_private(path);
    try {
        auto db = std::make_unique<connection>(path, connection::mode::read_write_create);
        if (sqlite3_db_readonly(db->handle(), "main") != 0) {
            throw std::runtime_error("its file may not be written");
        }
        // Until the log is durable, nothing of it may reach the file: when this fails half-way, the power
        // fails too, and the log is shorter than it looked, the file would hold pages of commits that never
        // were.
        checkpoint_on_close(*db, false);
        require_own(*db, owner, steps); // before anything is written to a file that is not ours
        set_journal(*db);
        if (!runtime::planted(runtime::defect::not_made_durable)) {
            make_durable(*db);
        }
        migrate(*db, path, owner, steps);
        checkpoint_on_close(*db, true);
        return db;
    }
    catch (const std::exception& failure) {
        throw std::runtime_error("the database " + path + " cannot be opened: " + failure.what());
    }
}

} // namespace storage
