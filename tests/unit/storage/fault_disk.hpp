#pragma once

#include <condition_variable>
#include <mutex>

namespace test {

// SQLite's disk with its fsyncs under the test's control, as long as this lives: counted, held up or failing.
// One at a time; connections opened meanwhile are closed before it goes.
class fault_disk
{
public:
    fault_disk();
    ~fault_disk();
    fault_disk(const fault_disk&) = delete;
    fault_disk& operator=(const fault_disk&) = delete;

    int log_syncs(); // of write-ahead logs

    void fail_log_syncs(bool failing);
    void fail_file_syncs(bool failing); // of database files

    // From now on whoever syncs a log waits, until released.
    void hold_log_syncs();
    void wait_until_held();
    void release_log_syncs();

    // What the VFS calls; false to report a failure.
    bool log_sync();
    bool file_sync();

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int log_syncs_ = 0;
    bool log_failing_ = false;
    bool file_failing_ = false;
    bool holding_ = false;
    bool held_ = false;
};

} // namespace test
