#pragma once

#include "common/outbox/housekeeper.hpp"
#include "common/outbox/sending_loop.hpp"
#include "sender-service/promoter.hpp"
#include "sender-service/settings.hpp"

#include <string>
#include <vector>

namespace sender {

// Promotion, delivery and housekeeping on a thread of their own, so that no storm of handshakes delays an
// answer of the API. The functions are called from the thread that made it.
class delivery_loop
{
public:
    // The references must outlive it. Throws std::runtime_error when the authorities' file cannot be read.
    delivery_loop(store& store, const runtime::clock& clock, const settings& settings, webhook::secrets keys,
                  runtime::log& log);
    ~delivery_loop() { sending_.close(); }
    delivery_loop(const delivery_loop&) = delete;
    delivery_loop& operator=(const delivery_loop&) = delete;

    // Starts with what was due before a restart.
    void start();

    void session_started(instant ready_at) { promoter_.session_started(ready_at); }
    void registration_changed(std::string user_id, std::optional<origin_id> due_at_origin);
    void due_now(std::vector<origin_id> origins);
    void set_paused(origin_id origin, bool paused);
    void replace_secrets(webhook::secrets keys);

    // Completes on the caller's executor.
    boost::asio::awaitable<std::vector<outbox::origin_report>> report(std::vector<origin_id> of)
    {
        return sending_.report(std::move(of));
    }

    // Promotes and claims no more; what is on the wire has the stop's grace. Does not wait.
    void begin_stop() { sending_.begin_stop(); }

    // Waits until nothing is left to do. After begin_stop().
    void finish() { sending_.finish(); }

private:
    boost::asio::awaitable<void> stop_first(std::chrono::milliseconds grace);

    const runtime::clock& clock_;
    outbox::sending_loop sending_;
    promoter promoter_;
    outbox::housekeeper housekeeper_;
};

} // namespace sender
