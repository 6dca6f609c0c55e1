#include "common/storage/writer.hpp"

#include "common/runtime/planted_defect.hpp"
#include "common/storage/checkpoint_crash.hpp"

#include <utility>

namespace storage {

writer::writer(connection& db, work_queue& queue, disk_health& health, free_disk& space, int checkpoint_pages)
    : db_(db),
      queue_(queue),
      health_(health),
      space_(space),
      checkpoint_pages_(checkpoint_pages)
{
    const auto note_pages = [](void* pages, sqlite3*, const char*, int in_log) {
        *static_cast<int*>(pages) = in_log;
        return SQLITE_OK;
    };
    sqlite3_wal_hook(db_.handle(), note_pages, &log_pages_);
    crash_in_checkpoints(db_);
}

writer::~writer()
{
    sqlite3_wal_hook(db_.handle(), nullptr, nullptr);
}

void writer::run()
{
    for (auto taken = queue_.wait_and_take(batch_operations_max); !taken.empty();
         taken = queue_.wait_and_take(batch_operations_max))
    {
        commit(std::move(taken));
    }
}

bool writer::step()
{
    auto taken = queue_.take(batch_operations_max);
    const bool some = !taken.empty();
    if (some) {
        commit(std::move(taken));
    }
    return some;
}

void writer::finish()
{
    if (!health_.failed()) {
        sqlite3_busy_timeout(db_.handle(), 0); // a stop does not wait for a backup: the log keeps everything
        checkpoint(SQLITE_CHECKPOINT_TRUNCATE);
    }
    if (health_.failed()) {
        // Closing would checkpoint again, over what a failed fsync may have lost.
        sqlite3_db_config(db_.handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    }
}

void writer::commit(work_queue::batch taken)
{
    std::vector<std::exception_ptr> failures(taken.size());
    const char* const refused = health_.failed() ? disk_failed : transact(taken, failures);
    complete(taken, failures, refused);
    if (log_is_long() && !health_.failed()) {
        checkpoint(SQLITE_CHECKPOINT_PASSIVE); // after the callers were told, who need not wait for it
    }
}

// Tells the callers, each its own failure or all of them why the batch was refused.
void writer::complete(work_queue::batch& taken, std::vector<std::exception_ptr>& failures,
                      const char* refused)
{
    for (std::size_t i = 0; i < taken.size(); ++i) {
        taken[i]->complete(refused != nullptr ? make_unavailable(refused) : std::move(failures[i]));
    }
    taken.clear();
}

// Runs and commits all of a batch. Null when it is durable; else what to tell everyone, and nothing of it is
// in the file.
const char* writer::transact(work_queue::batch& taken, std::vector<std::exception_ptr>& failures)
{
    try {
        if (!run_together(taken)) {
            run_apart(taken, failures);
        }
        if (runtime::planted(runtime::defect::acknowledged_before_commit)) {
            complete(taken, failures, nullptr);
        }
        db_.prepare("COMMIT").execute();
        return nullptr;
    }
    catch (const sqlite_error& failure) {
        const char* const told = refusal(failure);
        roll_back();
        return told;
    }
}

// Runs a batch as if none of it could fail, which nearly always holds: a savepoint for each operation would
// copy every page that the operation changes. False, and nothing is changed, when one failed.
bool writer::run_together(const work_queue::batch& taken)
{
    db_.prepare("BEGIN IMMEDIATE").execute();
    try {
        for (const auto& one : taken) {
            one->run(db_);
            require_transaction();
        }
        return true;
    }
    catch (const sqlite_error& error) {
        if (loses_batch(error)) {
            throw;
        }
    }
    catch (...) { // NOLINT(bugprone-empty-catch): run_apart() meets it again, and tells its caller
    }
    db_.prepare("ROLLBACK").execute();
    return false;
}

// Runs a batch with a savepoint for each operation, so that one that fails fails alone.
void writer::run_apart(const work_queue::batch& taken, std::vector<std::exception_ptr>& failures)
{
    db_.prepare("BEGIN IMMEDIATE").execute();
    for (std::size_t i = 0; i < taken.size(); ++i) {
        failures[i] = run_one(*taken[i]);
    }
}

// Runs one operation in a savepoint. Answers with what it threw, when that is its own affair; throws
// sqlite_error when the whole batch is lost.
std::exception_ptr writer::run_one(operation& one)
{
    std::exception_ptr failure;
    db_.prepare("SAVEPOINT one").execute();
    try {
        one.run(db_);
    }
    catch (const sqlite_error& error) {
        if (loses_batch(error)) {
            throw;
        }
        failure = std::current_exception();
    }
    catch (...) {
        failure = std::current_exception();
    }
    require_transaction();
    if (failure) {
        db_.prepare("ROLLBACK TO one").execute();
    }
    db_.prepare("RELEASE one").execute();
    return failure;
}

// On a full disk, an I/O error or no memory SQLite may have rolled everything back by itself.
bool writer::loses_batch(const sqlite_error& error) const
{
    return is_fatal(error.code()) || error.code() == SQLITE_FULL || !db_.in_transaction();
}

void writer::require_transaction() const
{
    if (!db_.in_transaction()) {
        throw sqlite_error(SQLITE_ABORT, "an operation ended the transaction that it ran in");
    }
}

// What to tell the callers of a batch that was not committed. What cannot pass by itself is fatal.
const char* writer::refusal(const sqlite_error& failure)
{
    switch (failure.code()) {
    case SQLITE_FULL:
        return "the disk is full; nothing was stored";
    case SQLITE_NOMEM:
        return "out of memory; nothing was stored";
    case SQLITE_BUSY:
        return "another program holds the database; nothing was stored";
    default:
        health_.fail(failure.what());
        return disk_failed;
    }
}

void writer::roll_back()
{
    if (!db_.in_transaction()) {
        return;
    }
    try {
        db_.prepare("ROLLBACK").execute();
    }
    catch (const sqlite_error& failure) {
        health_.fail(failure.what());
    }
}

bool writer::log_is_long()
{
    return log_pages_ >= checkpoint_pages_ || (log_pages_ >= checkpoint_pages_low_disk && space_.low());
}

void writer::checkpoint(int how)
{
    const int code = sqlite3_wal_checkpoint_v2(db_.handle(), nullptr, how, nullptr, nullptr);
    if (is_fatal(code)) {
        health_.fail(last_error(db_.handle()).what());
    }
    // Otherwise a reader or a full disk was in the way: the log keeps all, and the next commit tries again.
}

} // namespace storage
