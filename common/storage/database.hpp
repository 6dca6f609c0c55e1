#pragma once

#include "common/runtime/errors.hpp"
#include "common/storage/connection.hpp"
#include "common/storage/free_disk.hpp"
#include "common/storage/migrate.hpp"
#include "common/storage/operation.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

namespace storage {

// Between two checkpoints, 31 MiB of pages. More buys throughput; less, shorter stalls while one runs.
inline constexpr int checkpoint_pages_usual = 8'000;

struct database_options
{
    std::string path;
    application_id owner = 1; // marks the file as this program's; one with another mark is refused
    std::size_t write_queue_max = 8'192;
    std::size_t reader_threads = 2;
    int checkpoint_pages = checkpoint_pages_usual;
    // Below this much free disk new work (admission::bounded) is refused. By default it is not looked at.
    free_disk_options free_disk;
    // Told once, on the thread that saw it, that the disk failed (a failed fsync, an I/O error, corruption):
    // nothing more will be acknowledged, and the process has to end.
    std::function<void(const std::string& what)> on_fatal;
    // False: no thread of its own; whoever made it calls step(). For simulations.
    bool own_threads = true;
};

// An SQLite file with one writer, which commits what queued up together (group commit; one that fails
// fails alone), and readers beside it. WAL, synchronous=FULL. One process at a time, by an exclusive lock on
// `<path>.lock`. Operations are called for on any loop; the loops outlive the database, or its stop().
class database
{
public:
    // Locks, opens and migrates the file. Throws std::runtime_error with a sentence for the operator: held by
    // another process, newer than this program, not a database, not writable.
    database(database_options options, std::span<const migration> migrations);
    ~database();

    database(const database&) = delete;
    database& operator=(const database&) = delete;

    // Runs `op(connection&)` on the writer and completes, on the caller's executor, after the commit that
    // holds it is durable, with what `op` returned. What `op` throws rolls back that operation alone and is
    // rethrown. `op` may run again, when its work was undone because another operation failed. Throws
    // runtime::unavailable when the queue or the disk is full, or nearly so for what is bounded, or the
    // database is stopping or failed; then nothing was written. Operations run, and complete, in the order of
    // their calls.
    template <class Op>
    boost::asio::awaitable<std::invoke_result_t<Op&, connection&>> write(Op op,
                                                                         admission how = admission::bounded)
    {
        return perform(std::move(op), lane::writer, how);
    }

    // Runs `op(connection&)` on a reader, in a snapshot of its own, for at most 1 s. Throws
    // runtime::unavailable when it takes longer, or too many wait.
    template <class Op>
    boost::asio::awaitable<std::invoke_result_t<Op&, connection&>> read(Op op)
    {
        return perform(std::move(op), lane::reader, admission::bounded);
    }

    // False when the disk failed or the database is stopping.
    bool healthy() const;

    // Commits what is queued, refuses what comes later, ends the threads, checkpoints and closes. Blocking;
    // called once nobody awaits an operation on a loop that the caller blocks, and not from on_fatal.
    void stop();

    // Runs the reads that are queued and commits one batch of writes; false when there was neither. Only
    // without own_threads.
    bool step();

private:
    enum class lane { writer, reader };

    template <class Op>
    boost::asio::awaitable<std::invoke_result_t<Op&, connection&>> perform(Op op, lane where, admission how);

    // Takes the operation over; completes it with runtime::unavailable when it cannot be queued.
    void enqueue(std::unique_ptr<operation> queued, lane where, admission how);

    struct state;
    std::unique_ptr<state> state_;
};

} // namespace storage

#include "common/storage/database_operation.hpp"
