#pragma once

#include "common/outbox/delivery.hpp"

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>

namespace outbox {

// The deliveries that wait in memory for their turn, by origin, and the ids of those that are under way. A
// cache of the store, which holds them all: whatever leaves it unsent is claimed again.
class queue
{
public:
    // Takes a delivery, unless it is here or under way already. False then.
    bool push(delivery due);

    // The first of an origin, from now on under way until release(). There must be one.
    delivery pop(origin_id of);

    // It is not under way any more: its outcome is recorded.
    void release(delivery_id id) { known_.erase(id); }

    // Drops those of an origin beyond the first `keep`; answers with how many.
    std::size_t shed(origin_id of, std::size_t keep);

    // Drops those of a user; calls `dropped` with the origin of each.
    void forget(const std::string& user_id, const std::function<void(origin_id)>& dropped);

    void clear();

    std::size_t size() const { return size_; }

private:
    void leave(const delivery& one);

    std::unordered_map<origin_id, std::deque<delivery>> waiting_;
    std::unordered_set<delivery_id> known_; // waiting or under way
    // How many wait of the users of each hash, so that most who register again need not be looked for.
    std::unordered_map<std::size_t, std::size_t> of_users_;
    std::size_t size_ = 0;
};

} // namespace outbox
