#pragma once

#include "common/runtime/errors.hpp"
#include "sender-service/store.hpp"

#include <memory>
#include <string>
#include <utility>

namespace test {

// A store that refuses changes while it is told to, as one on a full disk does.
class refusing_store final : public sender::store
{
public:
    explicit refusing_store(std::unique_ptr<sender::store> real) : real_(std::move(real)) {}

    bool refusing = false;

    template <class T>
    using result = boost::asio::awaitable<T>;

    result<void> register_user(std::string user, std::string url, std::string origin,
                               sender::instant now) override
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
    result<sender::due_deliveries> claim_due(sender::instant now, std::size_t limit) override
    {
        check();
        return real_->claim_due(now, limit);
    }
    result<std::optional<sender::verdict>> record(sender::conclusion what) override
    {
        check();
        return real_->record(std::move(what));
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
