#include "tests/sim/observed_store.hpp"

namespace sim {

namespace asio = boost::asio;

asio::awaitable<std::optional<sender::origin_id>>
observed_store::register_user(std::string user, std::string url, std::string origin, sender::instant now)
{
    observer_.registering(user);
    const auto of = user;
    const auto at = url;
    const auto due_at =
        co_await real_->register_user(std::move(user), std::move(url), std::move(origin), now);
    if (!dying_)
        observer_.registered(of, at);
    co_return due_at;
}

asio::awaitable<void> observed_store::unregister_user(std::string user, sender::instant now)
{
    const auto of = user;
    co_await real_->unregister_user(std::move(user), now);
    if (!dying_)
        observer_.unregistered(of);
}

asio::awaitable<sender::started_session> observed_store::start(std::string user, std::string session,
                                                               sender::room_schedule schedule)
{
    const auto of = user;
    auto began = co_await real_->start(std::move(user), std::move(session), schedule);
    if (!dying_)
        observer_.started(of, began);
    co_return began;
}

asio::awaitable<std::optional<sender::user_status>> observed_store::status(std::string user)
{
    return real_->status(std::move(user));
}

asio::awaitable<sender::promotion> observed_store::promote_due(sender::instant now, std::size_t limit)
{
    auto turn = co_await real_->promote_due(now, limit);
    if (!dying_)
        observer_.promoted(turn.made);
    co_return turn;
}

asio::awaitable<std::vector<sender::origin_id>> observed_store::paused_origins()
{
    return real_->paused_origins();
}

asio::awaitable<std::vector<outbox::origin_work>> observed_store::find_work(sender::origin_id after,
                                                                            std::size_t limit)
{
    return real_->find_work(after, limit);
}

asio::awaitable<std::vector<outbox::claimed>> observed_store::claim(std::vector<outbox::claim_request> wanted,
                                                                    sender::instant now)
{
    auto found = co_await real_->claim(std::move(wanted), now);
    if (!dying_)
        for (const auto& each : found)
            observer_.claimed(each.due);
    co_return found;
}

asio::awaitable<outbox::recorded> observed_store::record(outbox::conclusion what)
{
    if (!dying_)
        observer_.recording(what);
    const auto copy = what;
    auto done = co_await real_->record(std::move(what));
    if (!dying_)
        observer_.recorded(copy, done.in_force);
    co_return done;
}

asio::awaitable<sender::delivery_page> observed_store::deliveries(sender::delivery_filter filter)
{
    return real_->deliveries(std::move(filter));
}

asio::awaitable<std::optional<sender::delivery_detail>> observed_store::find_delivery(sender::delivery_id id)
{
    return real_->find_delivery(id);
}

asio::awaitable<sender::redelivery> observed_store::redeliver(sender::delivery_id id, sender::instant now)
{
    return real_->redeliver(id, now);
}

asio::awaitable<sender::redeliveries> observed_store::redeliver_dead(sender::dead_filter filter,
                                                                     sender::instant now)
{
    return real_->redeliver_dead(std::move(filter), now);
}

asio::awaitable<sender::origin_page> observed_store::origins(sender::origin_filter filter)
{
    return real_->origins(std::move(filter));
}

asio::awaitable<std::optional<sender::origin_id>>
observed_store::pause_origin(std::string origin, bool paused, sender::instant now)
{
    return real_->pause_origin(std::move(origin), paused, now);
}

asio::awaitable<outbox::walk_turn> observed_store::expire(sender::instant since, sender::instant now,
                                                          outbox::walk_position from, std::size_t limit)
{
    return real_->expire(since, now, from, limit);
}

asio::awaitable<outbox::walk_turn> observed_store::prune(sender::instant before, outbox::walk_position from,
                                                         std::size_t limit)
{
    return real_->prune(before, from, limit);
}

} // namespace sim
