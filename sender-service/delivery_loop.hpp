#pragma once

#include "common/http/client.hpp"
#include "common/runtime/loop_thread.hpp"
#include "sender-service/dispatcher.hpp"
#include "sender-service/promoter.hpp"
#include "sender-service/settings.hpp"

#include <future>
#include <memory>

namespace sender {

// Promotion and delivery on a thread of their own, so that no storm of handshakes delays an answer of the
// API. The functions are called from the thread that made it.
class delivery_loop
{
public:
    // The references must outlive it. Throws std::runtime_error when the authorities' file cannot be read.
    delivery_loop(store& store, const runtime::clock& clock, const settings& settings, webhook::secrets keys,
                  runtime::log& log);

    ~delivery_loop();
    delivery_loop(const delivery_loop&) = delete;
    delivery_loop& operator=(const delivery_loop&) = delete;

    // Starts with what was due before a restart.
    void start();

    void session_started(instant ready_at) { promoter_.session_started(ready_at); }
    void registration_changed(std::string user_id);
    void replace_secrets(webhook::secrets keys);

    // Promotes and claims no more; what is on the wire has the stop's grace. Does not wait.
    void begin_stop();

    // Waits until nothing is left to do. After begin_stop().
    void finish();

private:
    boost::asio::awaitable<void> stop();

    std::chrono::milliseconds stop_grace_;
    std::unique_ptr<runtime::timers> timers_;
    runtime::loop_thread thread_;
    http::client client_;
    dispatcher dispatcher_;
    promoter promoter_;
    std::future<void> stopped_;
    bool started_ = false;
};

} // namespace sender
