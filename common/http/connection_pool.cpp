#include "common/http/connection_pool.hpp"

namespace http {

namespace asio = boost::asio;

connection_pool::connection_pool(const asio::any_io_executor& loop, std::size_t connections_max,
                                 std::chrono::seconds wait_max)
    : connections_max_(connections_max),
      wait_max_(wait_max),
      sweeper_(loop)
{}

std::shared_ptr<connection> connection_pool::take(const connection_key& key)
{
    const auto found = by_key_.find(key);
    if (found == by_key_.end())
        return nullptr;
    const auto last = found->second.back();
    auto idle = last->idle;
    idle->unwatch();
    remove(last);
    return idle;
}

void connection_pool::put(const std::shared_ptr<connection>& idle)
{
    if (stopped_ || connections_max_ == 0) {
        idle->close();
        return;
    }
    if (waiting_.size() >= connections_max_) {
        const auto oldest = waiting_.begin();
        oldest->idle->close();
        remove(oldest);
    }
    const auto where =
        waiting_.insert(waiting_.end(), entry{idle, std::chrono::steady_clock::now() + wait_max_});
    by_key_[idle->key()].push_back(where);
    // A watch never outlives its entry: take(), eviction and stop() end it, so `where` is valid when it
    // calls.
    idle->watch([weak = weak_from_this(), where] {
        if (const auto self = weak.lock()) {
            where->idle->close();
            self->remove(where);
        }
    });
    sweep_later();
}

void connection_pool::stop()
{
    stopped_ = true;
    for (const auto& one : waiting_)
        one.idle->close();
    waiting_.clear();
    by_key_.clear();
    sweeper_.cancel();
}

void connection_pool::remove(position where)
{
    const auto found = by_key_.find(where->idle->key());
    std::erase(found->second, where);
    if (found->second.empty())
        by_key_.erase(found);
    waiting_.erase(where);
}

// One timer for all, so that taking and putting a connection costs none.
void connection_pool::sweep_later()
{
    if (sweeping_ || waiting_.empty())
        return;
    sweeping_ = true;
    sweeper_.expires_at(waiting_.front().until);
    sweeper_.async_wait([weak = weak_from_this()](const boost::system::error_code&) {
        const auto self = weak.lock();
        if (!self)
            return;
        self->sweeping_ = false;
        const auto now = std::chrono::steady_clock::now();
        while (!self->waiting_.empty() && self->waiting_.front().until <= now) {
            self->waiting_.front().idle->close();
            self->remove(self->waiting_.begin());
        }
        self->sweep_later();
    });
}

} // namespace http
