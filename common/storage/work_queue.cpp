#include "common/storage/work_queue.hpp"

#include <algorithm>

namespace storage {

work_queue::pushed work_queue::push(std::unique_ptr<operation>& one, admission how)
{
    const bool patient = how == admission::patient;
    const auto until = patient ? std::chrono::steady_clock::now() + patience_max : time_point::min();
    bool tell = false;
    {
        const std::lock_guard lock(mutex_);
        if (closed_) {
            return pushed::closed;
        }
        const bool refusable = how == admission::bounded || how == admission::control;
        if (refusable && waiting_.size() >= max_) {
            return pushed::full;
        }
        tell = !patient || waiting_.empty(); // else somebody knows until when to wait
        urgent_ += patient ? 0 : 1;
        waiting_.push_back({std::move(one), until});
    }
    if (tell) {
        changed_.notify_one();
    }
    return pushed::taken;
}

work_queue::batch work_queue::wait_and_take(std::size_t most)
{
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return closed_ || !waiting_.empty(); });
    if (!urgent()) {
        const auto until = waiting_.front().until; // the first is the one that has waited longest
        changed_.wait_until(lock, until, [this] { return urgent(); });
    }
    return take_locked(most);
}

work_queue::batch work_queue::take(std::size_t most)
{
    const std::lock_guard lock(mutex_);
    return take_locked(most);
}

void work_queue::close()
{
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
    }
    changed_.notify_all();
}

work_queue::batch work_queue::take_locked(std::size_t most)
{
    batch taken;
    taken.reserve(std::min(most, waiting_.size()));
    while (!waiting_.empty() && taken.size() < most) {
        auto& first = waiting_.front();
        urgent_ -= first.until == time_point::min() ? 1 : 0;
        taken.push_back(std::move(first.what));
        waiting_.pop_front();
    }
    return taken;
}

} // namespace storage
