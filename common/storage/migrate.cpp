#include "common/storage/migrate.hpp"

#include "common/runtime/crash_point.hpp"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <unistd.h>

namespace storage {

namespace {

std::int64_t query_integer(connection& db, std::string_view sql)
{
    auto query = db.prepare(sql);
    return query.step() ? query.integer(0) : 0;
}

bool has_tables(connection& db)
{
    return query_integer(db, "SELECT count(*) FROM sqlite_schema") > 0;
}

[[noreturn]] void fail_copy(const std::string& path, int error)
{
    throw std::runtime_error("the copy " + path + " that is made before the database is changed failed: " +
                             std::generic_category().message(error));
}

void sync_path(const std::string& path, int how)
{
    const int file = ::open(path.c_str(), how | O_CLOEXEC);
    if (file < 0) {
        fail_copy(path, errno);
    }
    const int error = ::fsync(file) == 0 ? 0 : errno;
    ::close(file);
    if (error != 0) {
        fail_copy(path, error);
    }
}

// Makes the copy under another name first, so that one under its final name is always whole.
void copy_database(connection& db, const std::string& copy)
{
    const auto partial = copy + ".partial";
    ::unlink(partial.c_str()); // of a process that was killed here
    const int file = ::open(partial.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) {
        fail_copy(partial, errno);
    }
    ::close(file);
    db.prepare("VACUUM INTO ?").bind(std::string_view(partial)).execute();
    sync_path(partial, O_RDONLY);
    if (::rename(partial.c_str(), copy.c_str()) != 0) {
        fail_copy(copy, errno);
    }
    const auto folder = std::filesystem::path(copy).parent_path().string();
    sync_path(folder.empty() ? "." : folder, O_RDONLY | O_DIRECTORY);
}

void apply(connection& db, application_id owner, const migration& step, std::size_t version)
{
    db.run_script("BEGIN IMMEDIATE");
    try {
        db.run_script(std::string(step.sql));
        if (step.then != nullptr) {
            step.then(db);
        }
        runtime::crash_at(runtime::crash_point::migration);
        db.run_script("PRAGMA application_id = " + std::to_string(owner));
        db.run_script("PRAGMA user_version = " + std::to_string(version));
        db.run_script("COMMIT");
    }
    catch (const sqlite_error& failure) {
        if (db.in_transaction()) {
            db.run_script("ROLLBACK");
        }
        throw std::runtime_error("step " + std::to_string(version) +
                                 " of the database's schema failed: " + failure.what());
    }
}

} // namespace

void require_own(connection& db, application_id owner, std::span<const migration> steps)
{
    if (has_tables(db) && query_integer(db, "PRAGMA application_id") != owner) {
        throw std::runtime_error("it is the database of another program, or of another service");
    }
    const auto version = query_integer(db, "PRAGMA user_version");
    if (version < 0 || static_cast<std::size_t>(version) > steps.size()) {
        throw std::runtime_error("it has schema version " + std::to_string(version) +
                                 ", and this program knows versions up to " + std::to_string(steps.size()) +
                                 " only: run the newer program that wrote it");
    }
}

void migrate(connection& db, const std::string& path, application_id owner, std::span<const migration> steps)
{
    require_own(db, owner, steps);
    const auto applied = static_cast<std::size_t>(query_integer(db, "PRAGMA user_version"));
    if (applied == steps.size()) {
        return;
    }
    if (has_tables(db)) {
        copy_database(db, path + ".before-v" + std::to_string(steps.size()));
    }
    for (auto next = applied; next < steps.size(); ++next) {
        apply(db, owner, steps[next], next + 1);
    }
}

} // namespace storage
