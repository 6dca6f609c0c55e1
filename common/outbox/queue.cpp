#include "common/outbox/queue.hpp"

#include <utility>

namespace outbox {

namespace {

std::size_t hash_of(const std::string& user_id)
{
    return std::hash<std::string>{}(user_id);
}

} // namespace

bool queue::push(delivery due)
{
    if (!known_.insert(due.id).second)
        return false;
    ++of_users_[hash_of(due.user_id)];
    ++size_;
    waiting_[due.origin].push_back(std::move(due));
    return true;
}

delivery queue::pop(origin_id of)
{
    const auto found = waiting_.find(of);
    auto first = std::move(found->second.front());
    found->second.pop_front();
    leave(first);
    if (found->second.empty())
        waiting_.erase(found);
    return first;
}

std::size_t queue::shed(origin_id of, std::size_t keep)
{
    const auto found = waiting_.find(of);
    if (found == waiting_.end())
        return 0;
    std::size_t dropped = 0;
    for (auto& line = found->second; line.size() > keep; ++dropped) {
        leave(line.back());
        known_.erase(line.back().id);
        line.pop_back();
    }
    if (found->second.empty())
        waiting_.erase(found);
    return dropped;
}

void queue::forget(const std::string& user_id, const std::function<void(origin_id)>& dropped)
{
    if (!of_users_.contains(hash_of(user_id)))
        return;
    const auto drop = [&](const delivery& one) {
        if (one.user_id != user_id)
            return false;
        leave(one);
        known_.erase(one.id);
        dropped(one.origin);
        return true;
    };
    for (auto& [of, line] : waiting_)
        std::erase_if(line, drop);
    std::erase_if(waiting_, [](const auto& each) { return each.second.empty(); });
}

void queue::clear()
{
    for (const auto& [of, line] : waiting_)
        for (const auto& one : line)
            known_.erase(one.id);
    waiting_.clear();
    of_users_.clear();
    size_ = 0;
}

void queue::leave(const delivery& one)
{
    const auto of_user = of_users_.find(hash_of(one.user_id));
    if (--of_user->second == 0)
        of_users_.erase(of_user);
    --size_;
}

} // namespace outbox
