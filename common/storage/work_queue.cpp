#include "common/storage/work_queue.hpp"

#include <algorithm>

namespace storage {

work_queue::pushed work_queue::push(std::unique_ptr<operation>& one, admission how)
{
    {
        const std::lock_guard lock(mutex_);
        if (closed_) {
            return pushed::closed;
        }
        if (how == admission::bounded && waiting_.size() >= max_) {
            return pushed::full;
        }
        waiting_.push_back(std::move(one));
    }
    changed_.notify_one();
    return pushed::taken;
}

work_queue::batch work_queue::wait_and_take(std::size_t most)
{
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return closed_ || !waiting_.empty(); });
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
    const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(most, waiting_.size()));
    batch taken(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
    waiting_.erase(waiting_.begin(), end);
    return taken;
}

} // namespace storage
