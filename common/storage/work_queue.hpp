#pragma once

#include "common/storage/operation.hpp"

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

namespace storage {

// Operations in the order they came, for one or more threads to take. Thread-safe.
class work_queue
{
public:
    using batch = std::vector<std::unique_ptr<operation>>;

    enum class pushed { taken, full, closed };

    explicit work_queue(std::size_t max) : max_(max) {}

    // Takes `one` over, unless the queue is closed, or holds its maximum and `how` is bounded.
    pushed push(std::unique_ptr<operation>& one, admission how);

    // Waits until there is something and takes at most `most`; empty when the queue is closed and drained.
    batch wait_and_take(std::size_t most);

    // Takes at most `most` of what is there.
    batch take(std::size_t most);

    // Refuses what comes later.
    void close();

private:
    batch take_locked(std::size_t most);

    const std::size_t max_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::unique_ptr<operation>> waiting_;
    bool closed_ = false;
};

} // namespace storage
