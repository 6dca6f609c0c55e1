#include "tests/sim/observed_store.hpp"

namespace sim {

namespace asio = boost::asio;

asio::awaitable<void> observed_store::register_user(std::string user, std::string url, std::string origin,
                                                    sender::instant now)
{
    observer_.registering(user);
    const auto of = user;
    const auto at = url;
    co_await real_->register_user(std::move(user), std::move(url), std::move(origin), now);
    if (!dying_)
        observer_.registered(of, at);
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

asio::awaitable<sender::due_deliveries> observed_store::claim_due(sender::instant now, std::size_t limit)
{
    auto found = co_await real_->claim_due(now, limit);
    if (!dying_)
        observer_.claimed(found.due);
    co_return found;
}

asio::awaitable<std::optional<sender::verdict>> observed_store::record(sender::conclusion what)
{
    if (!dying_)
        observer_.recording(what);
    const auto copy = what;
    auto in_force = co_await real_->record(std::move(what));
    if (!dying_)
        observer_.recorded(copy, in_force);
    co_return in_force;
}

asio::awaitable<sender::delivery_page> observed_store::deliveries(sender::delivery_filter filter)
{
    return real_->deliveries(std::move(filter));
}

asio::awaitable<std::optional<sender::delivery_detail>> observed_store::find_delivery(sender::delivery_id id)
{
    return real_->find_delivery(id);
}

} // namespace sim
