#pragma once

#include "sender-service/dispatcher.hpp"
#include "sender-service/promoter.hpp"
#include "sender-service/sqlite_store.hpp"
#include "tests/support/driven_storage.hpp"
#include "tests/support/driven_timers.hpp"
#include "tests/support/fixed_clock.hpp"
#include "tests/unit/sender/refusing_store.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>

namespace test {

using namespace std::chrono_literals;

// The network as the test plays it: each POST is kept, and answered at once by `answer`, or held back until
// release() while `holding`.
class scripted_transport final : public http::transport
{
public:
    explicit scripted_transport(boost::asio::io_context& loop)
        : held_(loop, boost::asio::steady_timer::time_point::max())
    {}

    boost::asio::awaitable<http::exchange> post(http::outgoing message, http::exchange_limits) override;

    // Lets the POSTs under way end.
    void release() { held_.cancel(); }

    std::function<http::exchange(const http::outgoing&)> answer = [](const http::outgoing&) {
        http::exchange ok;
        ok.status = 200;
        return ok;
    };
    bool holding = false;
    std::size_t under_way = 0;
    std::size_t under_way_max = 0;
    std::vector<http::outgoing> posted;

private:
    boost::asio::steady_timer held_;
};

// The sender's real domain, dispatcher, promoter and store on one thread, with the clock, the timers and the
// network in the test's hands.
class world : public driven_storage
{
public:
    explicit world(sender::dispatch_settings settings = {});

    // Moves the clock and lets happen what becomes due.
    void advance(std::chrono::milliseconds step);

    // Starts the promoter and the dispatcher, as the daemon does.
    void begin();

    // Takes a user from registration to READY, and lets happen what follows at once.
    void make_ready(const std::string& user);

    void register_user(const std::string& user, const std::string& url = "http://app.test/hook");
    sender::started_session start_user(const std::string& user);
    sender::user_status status(const std::string& user);
    sender::delivery_detail newest_delivery(const std::string& user);

    fixed_clock clock;
    driven_timers timers;
    std::vector<std::string> log_lines;
    runtime::log log{clock, runtime::log_level::debug, runtime::log_format::text,
                     [this](std::string_view line) { log_lines.emplace_back(line); }};
    std::unique_ptr<refusing_store> store;
    scripted_transport transport{loop};
    sender::dispatcher dispatcher;
    sender::promoter promoter;
};

// An answer of the network with this status.
http::exchange answered(unsigned status);

} // namespace test
