#pragma once

#include "common/storage/connection.hpp"
#include "common/storage/disk_health.hpp"
#include "common/storage/free_disk.hpp"
#include "common/storage/work_queue.hpp"

#include <exception>
#include <vector>

namespace storage {

inline constexpr std::size_t batch_operations_max = 256; // of one commit

// Between two checkpoints while little disk is free: the log is then written over from its beginning, instead
// of taking what is left for outcomes.
inline constexpr int checkpoint_pages_low_disk = 1'000;

// Commits what is queued, group by group, on whichever single thread calls it.
class writer
{
public:
    // All four outlive it. `checkpoint_pages`: how long the log gets before it is moved into the file.
    writer(connection& db, work_queue& queue, disk_health& health, free_disk& space, int checkpoint_pages);
    ~writer();
    writer(const writer&) = delete;
    writer& operator=(const writer&) = delete;

    // Commits until the queue is closed and drained.
    void run();

    // Commits one batch of what is queued; false when there was nothing.
    bool step();

    // Moves all that is committed into the database file and empties the log, so that the file alone is the
    // whole; once nothing is queued and nobody reads.
    void finish();

private:
    void commit(work_queue::batch taken);
    const char* transact(work_queue::batch& taken, std::vector<std::exception_ptr>& failures);
    bool run_together(const work_queue::batch& taken);
    void run_apart(const work_queue::batch& taken, std::vector<std::exception_ptr>& failures);
    void complete(work_queue::batch& taken, std::vector<std::exception_ptr>& failures, const char* refused);
    std::exception_ptr run_one(operation& one);
    bool loses_batch(const sqlite_error& error) const;
    void require_transaction() const;
    const char* refusal(const sqlite_error& failure);
    void roll_back();
    bool log_is_long();
    void checkpoint(int how);

    connection& db_;
    work_queue& queue_;
    disk_health& health_;
    free_disk& space_;
    const int checkpoint_pages_;
    int log_pages_ = 0; // in the write-ahead log after the last commit
};

} // namespace storage
