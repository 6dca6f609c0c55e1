#pragma once

#include "common/http/client.hpp"
#include "common/outbox/dispatcher.hpp"
#include "common/runtime/loop_thread.hpp"

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <vector>

namespace outbox {

struct sending_settings
{
    dispatch_settings dispatch;
    http::client_options client;
    std::chrono::milliseconds stop_grace{0}; // for what is on the wire when it is told to stop
};

// The dispatcher and the HTTP client on a thread of their own, so that no storm of handshakes delays an
// answer of the API. The functions are called from the thread that made it, unless said otherwise.
class sending_loop
{
public:
    // What else runs on the loop ends itself, within the time that it is given.
    using stop_first = std::function<boost::asio::awaitable<void>(std::chrono::milliseconds grace)>;

    // The references must outlive it. Throws std::runtime_error when the authorities' file cannot be read.
    sending_loop(store& deliveries, const runtime::clock& clock, const sending_settings& settings,
                 webhook::secrets keys, runtime::log& log, stop_first others = nullptr);

    ~sending_loop();
    sending_loop(const sending_loop&) = delete;
    sending_loop& operator=(const sending_loop&) = delete;

    // Starts with what was due before a restart.
    void start();

    boost::asio::any_io_executor executor() { return thread_.executor(); }
    runtime::timers& timers() { return *timers_; }

    // Runs `what` on the loop, in the order of the calls. Thread-safe.
    void tell(std::function<void(dispatcher&)> what);

    // Signs with `keys` from the next attempt on.
    void replace_secrets(webhook::secrets keys);

    // Completes on the caller's executor. Thread-safe.
    boost::asio::awaitable<std::vector<origin_report>> report(std::vector<origin_id> of);

    // Claims no more; what is on the wire has the stop's grace. Does not wait.
    void begin_stop();

    // Waits until nothing is left to do. After begin_stop().
    void finish();

    // Both, unless they were done: on the way out of a failure, before what else runs on the loop goes.
    void close();

    // On the loop only.
    dispatcher& deliver() { return dispatcher_; }

private:
    boost::asio::awaitable<std::vector<origin_report>> report_here(std::vector<origin_id> of);
    boost::asio::awaitable<void> stop();

    std::chrono::milliseconds stop_grace_;
    stop_first others_;
    std::unique_ptr<runtime::timers> timers_;
    runtime::loop_thread thread_;
    http::client client_;
    dispatcher dispatcher_;
    std::future<void> stopped_;
    bool started_ = false;
};

} // namespace outbox
