#pragma once

#include "common/storage/operation.hpp"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

namespace storage {

inline constexpr std::chrono::milliseconds patience_max{5};

// Operations in the order they came, for one or more threads to take; for one, where any of them is patient.
// Thread-safe.
class work_queue
{
public:
    using batch = std::vector<std::unique_ptr<operation>>;

    enum class pushed { taken, full, closed };

    explicit work_queue(std::size_t max) : max_(max) {}

    // Takes `one` over, unless the queue is closed, or holds its maximum and `how` is bounded.
    pushed push(std::unique_ptr<operation>& one, admission how);

    // Waits until there is something that does not wait for company, and takes at most `most`; empty when the
    // queue is closed and drained.
    batch wait_and_take(std::size_t most);

    // Takes at most `most` of what is there, patient or not.
    batch take(std::size_t most);

    // Refuses what comes later.
    void close();

private:
    using time_point = std::chrono::steady_clock::time_point;

    struct entry
    {
        std::unique_ptr<operation> what;
        time_point until; // that it waits for others; no time at all when it is not patient
    };

    bool urgent() const { return closed_ || urgent_ > 0; }
    batch take_locked(std::size_t most);

    const std::size_t max_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<entry> waiting_;
    std::size_t urgent_ = 0; // of those, not patient
    bool closed_ = false;
};

} // namespace storage
