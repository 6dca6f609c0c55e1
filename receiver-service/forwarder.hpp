#pragma once

#include "common/outbox/sending_loop.hpp"
#include "receiver-service/store.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <optional>
#include <string>

namespace receiver {

struct forwarding_settings
{
    std::string url; // of the app; empty: nothing is forwarded
    outbox::sending_settings sending;
};

// Hands each accepted event to the app, at least once, on a thread of its own; without an app it does
// nothing. The functions are called from the thread that made it.
class forwarder
{
public:
    // The references must outlive it. Throws std::runtime_error when the authorities' file cannot be read.
    forwarder(store& events, const runtime::clock& clock, const forwarding_settings& settings,
              webhook::secrets keys, runtime::log& log);

    // Starts with what was accepted before a restart. Without an app it says in the log how many events wait
    // for one, which it reads on `loop`.
    void start(const boost::asio::any_io_executor& loop);

    // Takes an event that was just accepted. Null without an app.
    std::function<void(outbox::delivery)> takes_accepted();

    // Takes the time at which an event became due in the store. Null without an app.
    std::function<void(instant)> takes_reprocessed();

    // Signs with `keys` from the next attempt on.
    void replace_secrets(webhook::secrets keys);

    // Claims no more; what is on the wire has the stop's grace. Does not wait.
    void begin_stop();

    // Waits until nothing is left to do. After begin_stop().
    void finish();

private:
    boost::asio::awaitable<void> tell_who_waits();

    store& store_;
    runtime::log& log_;
    std::optional<outbox::sending_loop> sending_;
};

} // namespace receiver
