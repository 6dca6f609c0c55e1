#include "receiver-service/forwarder.hpp"

#include "common/runtime/errors.hpp"
#include "common/runtime/rethrow.hpp"

#include <boost/asio/co_spawn.hpp>

namespace receiver {

namespace asio = boost::asio;

forwarder::forwarder(store& events, const runtime::clock& clock, const forwarding_settings& settings,
                     webhook::secrets keys, runtime::log& log)
    : store_(events),
      log_(log)
{
    if (!settings.url.empty())
        sending_.emplace(events, clock, settings.sending, std::move(keys), log);
}

void forwarder::start(const asio::any_io_executor& loop)
{
    if (sending_)
        sending_->start();
    else
        asio::co_spawn(loop, tell_who_waits(), runtime::rethrow);
}

std::function<void(outbox::delivery)> forwarder::takes_accepted()
{
    if (!sending_)
        return nullptr;
    return [this](outbox::delivery accepted) {
        sending_->tell([one = std::move(accepted)](outbox::dispatcher& deliver) mutable {
            std::vector<outbox::delivery> made;
            made.push_back(std::move(one));
            deliver.offer(std::move(made));
        });
    };
}

std::function<void(instant)> forwarder::takes_reprocessed()
{
    if (!sending_)
        return nullptr;
    return [this](instant due_at) {
        sending_->tell([due_at](outbox::dispatcher& deliver) { deliver.note_stored(the_app, due_at); });
    };
}

void forwarder::replace_secrets(webhook::secrets keys)
{
    if (sending_)
        sending_->replace_secrets(std::move(keys));
}

void forwarder::begin_stop()
{
    if (sending_)
        sending_->begin_stop();
}

void forwarder::finish()
{
    if (sending_)
        sending_->finish();
}

asio::awaitable<void> forwarder::tell_who_waits()
{
    try {
        const auto waiting = co_await store_.count_accepted();
        if (waiting > 0)
            log_.warn("not_forwarded", {{"events", waiting},
                                        {"detail", "accepted while RECEIVER_FORWARD_URL was set; they wait "
                                                   "until it is set again"}});
    }
    catch (const runtime::unavailable&) {
        co_return; // it is asked again at the next start
    }
}

} // namespace receiver
