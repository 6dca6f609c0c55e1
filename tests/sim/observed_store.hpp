#pragma once

#include "sender-service/store.hpp"
#include "tests/sim/observer.hpp"

#include <memory>

namespace sim {

// The sender's real store with the observer at its door. Nothing that it does depends on the observer.
class observed_store final : public sender::store
{
public:
    observed_store(std::unique_ptr<sender::store> real, const bool& dying, observer& watching)
        : real_(std::move(real)),
          dying_(dying),
          observer_(watching)
    {}

    template <class T>
    using result = boost::asio::awaitable<T>;

    result<std::optional<sender::origin_id>> register_user(std::string user, std::string url,
                                                           std::string origin, sender::instant now) override;
    result<void> unregister_user(std::string user, sender::instant now) override;
    result<sender::started_session> start(std::string user, std::string session,
                                          sender::room_schedule schedule) override;
    result<std::optional<sender::user_status>> status(std::string user) override;
    result<sender::promotion> promote_due(sender::instant now, std::size_t limit) override;
    result<std::vector<sender::origin_id>> paused_origins() override;
    result<std::vector<outbox::origin_work>> find_work(sender::origin_id after, std::size_t limit) override;
    result<std::vector<outbox::claimed>> claim(std::vector<outbox::claim_request> wanted,
                                               sender::instant now) override;
    result<outbox::recorded> record(outbox::conclusion what) override;
    result<sender::delivery_page> deliveries(sender::delivery_filter filter) override;
    result<std::optional<sender::delivery_detail>> find_delivery(sender::delivery_id id) override;
    result<sender::redelivery> redeliver(sender::delivery_id id, sender::instant now) override;
    result<sender::redeliveries> redeliver_dead(sender::dead_filter filter, sender::instant now) override;
    result<sender::origin_page> origins(sender::origin_filter filter) override;
    result<std::optional<sender::origin_id>> pause_origin(std::string origin, bool paused,
                                                          sender::instant now) override;
    result<outbox::walk_turn> expire(sender::instant since, sender::instant now, outbox::walk_position from,
                                     std::size_t limit) override;
    result<outbox::walk_turn> prune(sender::instant before, outbox::walk_position from,
                                    std::size_t limit) override;

private:
    std::unique_ptr<sender::store> real_;
    const bool& dying_; // what happens in a life that is over happens to nobody
    observer& observer_;
};

} // namespace sim
