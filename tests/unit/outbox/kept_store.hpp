#pragma once

#include "common/outbox/store.hpp"
#include "common/runtime/errors.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace test {

// A store whose rows are two numbers, and which tells what its housekeeper asked of it.
class kept_store final : public outbox::store
{
public:
    // What a turn was asked for.
    struct turn
    {
        std::string what; // "expire" or "prune"
        outbox::instant limit_at;
        std::int64_t from = 0;
        std::size_t rows = 0;
    };

    std::vector<turn> turns;
    std::size_t to_expire = 0; // rows that are to be given up, however young
    std::size_t to_prune = 0;
    bool refusing = false;

    template <class T>
    using result = boost::asio::awaitable<T>;

    result<outbox::walk_turn> expire(outbox::instant since, outbox::instant, outbox::walk_position from,
                                     std::size_t limit) override
    {
        co_return walk("expire", since, from, limit, to_expire);
    }
    result<outbox::walk_turn> prune(outbox::instant before, outbox::walk_position from,
                                    std::size_t limit) override
    {
        co_return walk("prune", before, from, limit, to_prune);
    }

    // No housekeeper asks for these.
    result<std::vector<outbox::origin_id>> paused_origins() override { throw not_kept(); }
    result<std::vector<outbox::origin_work>> find_work(outbox::origin_id, std::size_t) override
    {
        throw not_kept();
    }
    result<std::vector<outbox::claimed>> claim(std::vector<outbox::claim_request>, outbox::instant) override
    {
        throw not_kept();
    }
    result<outbox::recorded> record(outbox::conclusion) override { throw not_kept(); }

private:
    static std::logic_error not_kept() { return std::logic_error("a housekeeper sends nothing"); }

    outbox::walk_turn walk(std::string what, outbox::instant at, const outbox::walk_position& from,
                           std::size_t limit, std::size_t& left)
    {
        turns.push_back({std::move(what), at, from.major, limit});
        if (refusing)
            throw runtime::unavailable("the disk is full");
        outbox::walk_turn done;
        done.count = std::min(left, limit);
        left -= done.count;
        if (done.count == limit)
            done.next = outbox::walk_position{from.major + static_cast<std::int64_t>(limit), 0};
        return done;
    }
};

} // namespace test
