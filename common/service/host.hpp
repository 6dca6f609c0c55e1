#pragma once

#include "common/http/server.hpp"
#include "common/runtime/clock.hpp"
#include "common/runtime/log.hpp"
#include "common/runtime/signals.hpp"
#include "common/service/settings.hpp"
#include "common/storage/database.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <span>
#include <string_view>

namespace service {

// What a daemon does when it is told to; called on the host's loop, `drained` after the loop has ended.
struct callbacks
{
    std::function<void()> on_start = [] {};  // starts the other loops, once the listener is had
    std::function<void()> on_reload = [] {}; // SIGHUP
    std::function<void()> on_stop = [] {};   // tells the other loops to stop, and does not wait
    std::function<void()> drained = [] {};   // waits for the other loops
};

// What a daemon stands on: clock, log, the API's loop and the database; and its life from start to stop.
class host
{
public:
    // Opens and migrates the database, and logs the warnings of the settings. Throws std::runtime_error with
    // a sentence for the operator.
    host(std::string_view program, const settings& read, storage::application_id owner,
         std::span<const storage::migration> migrations);

    const runtime::clock& clock() const { return clock_; }
    runtime::log& log() { return log_; }
    storage::database& database() { return *database_; }
    boost::asio::any_io_executor loop() { return loop_.get_executor(); }

    // Not stopping, and the storage is whole.
    bool ready() const;

    // Serves `routes`, the health paths and the OpenAPI document until SIGTERM or SIGINT. Then: readiness
    // off, on_stop, the server stops, and when the loop has nothing left to do, drained, and the database is
    // drained and closed. Answers with the exit status. Throws when the address cannot be had.
    int run(std::vector<http::route> routes, std::string_view openapi, const callbacks& calls);

private:
    void raise_descriptor_limit();
    std::unique_ptr<http::server> listen(std::vector<http::route> routes);
    boost::asio::awaitable<void> stop_serving(http::server& server, runtime::signals& signals);

    const settings& settings_;
    runtime::system_clock clock_;
    runtime::log log_;
    boost::asio::io_context loop_{1};
    std::unique_ptr<storage::database> database_;
    bool stopping_ = false;
};

// Runs `serve`; an exception that reaches it is one line on standard error and exit status 1.
int guarded(std::string_view program, const std::function<int()>& serve);

} // namespace service
