#pragma once

#include "common/runtime/errors.hpp"
#include "sender-service/store.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace test {

// A store that refuses changes while it is told to, as one on a full disk does.
class refusing_store final : public sender::store
{
public:
    explicit refusing_store(std::unique_ptr<sender::store> real) : real_(std::move(real)) {}

    bool refusing = false;
    unsigned claims = 0;     // that were asked for
    std::size_t claimed = 0; // deliveries that they asked for at most

    template <class T>
    using result = boost::asio::awaitable<T>;

    result<std::optional<sender::origin_id>> register_user(std::string user, std::string url,
                                                           std::string origin, sender::instant now) override
    {
        check();
        return real_->register_user(std::move(user), std::move(url), std::move(origin), now);
    }
    result<void> unregister_user(std::string user, sender::instant now) override
    {
        check();
        return real_->unregister_user(std::move(user), now);
    }
    result<sender::started_session> start(std::string user, std::string session,
                                          sender::room_schedule schedule) override
    {
        check();
        return real_->start(std::move(user), std::move(session), schedule);
    }
    result<std::optional<sender::user_status>> status(std::string user) override
    {
        return real_->status(std::move(user));
    }
    result<sender::promotion> promote_due(sender::instant now, std::size_t limit) override
    {
        check();
        return real_->promote_due(now, limit);
    }
    result<std::vector<sender::origin_id>> paused_origins() override
    {
        check();
        return real_->paused_origins();
    }
    result<std::vector<outbox::origin_work>> find_work(sender::origin_id after, std::size_t limit) override
    {
        check();
        return real_->find_work(after, limit);
    }
    result<std::vector<outbox::claimed>> claim(std::vector<outbox::claim_request> wanted,
                                               sender::instant now) override
    {
        check();
        ++claims;
        for (const auto& each : wanted)
            claimed += each.limit;
        return real_->claim(std::move(wanted), now);
    }
    result<outbox::recorded> record(outbox::conclusion what) override
    {
        check();
        return real_->record(std::move(what));
    }
    result<sender::redelivery> redeliver(sender::delivery_id id, sender::instant now) override
    {
        check();
        return real_->redeliver(id, now);
    }
    result<sender::redeliveries> redeliver_dead(sender::dead_filter filter, sender::instant now) override
    {
        check();
        return real_->redeliver_dead(std::move(filter), now);
    }
    result<sender::origin_page> origins(sender::origin_filter filter) override
    {
        return real_->origins(std::move(filter));
    }
    result<std::optional<sender::origin_id>> pause_origin(std::string origin, bool paused,
                                                          sender::instant now) override
    {
        check();
        return real_->pause_origin(std::move(origin), paused, now);
    }
    result<outbox::walk_turn> expire(sender::instant since, sender::instant now, outbox::walk_position from,
                                     std::size_t limit) override
    {
        check();
        return real_->expire(since, now, from, limit);
    }
    result<outbox::walk_turn> prune(sender::instant before, outbox::walk_position from,
                                    std::size_t limit) override
    {
        check();
        return real_->prune(before, from, limit);
    }
    result<sender::delivery_page> deliveries(sender::delivery_filter filter) override
    {
        return real_->deliveries(std::move(filter));
    }
    result<std::optional<sender::delivery_detail>> find_delivery(sender::delivery_id id) override
    {
        return real_->find_delivery(id);
    }

private:
    void check() const
    {
        if (refusing)
            throw runtime::unavailable("the disk is full");
    }

    std::unique_ptr<sender::store> real_;
};

} // namespace test
