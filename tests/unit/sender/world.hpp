#pragma once

#include "common/outbox/dispatcher.hpp"
#include "sender-service/promoter.hpp"
#include "sender-service/sqlite_store.hpp"
#include "tests/support/driven_storage.hpp"
#include "tests/support/driven_timers.hpp"
#include "tests/support/fixed_clock.hpp"
#include "tests/support/scripted_transport.hpp"
#include "tests/unit/sender/refusing_store.hpp"

#include <boost/asio/co_spawn.hpp>

namespace test {

using namespace std::chrono_literals;

// The sender's real domain, dispatcher, promoter and store on one thread, with the clock, the timers and the
// network in the test's hands.
class world : public driven_storage
{
public:
    explicit world(outbox::dispatch_settings settings = {});

    // Moves the clock and lets happen what becomes due.
    void advance(std::chrono::milliseconds step);

    // Starts the promoter and the dispatcher, as the daemon does.
    void begin();

    // Takes a user from registration to READY, and lets happen what follows at once.
    void make_ready(const std::string& user);

    void register_user(const std::string& user, const std::string& url = "http://app.test/hook");
    sender::started_session start_user(const std::string& user);
    // Registers and starts so many users "<name>0", "<name>1" … at once, all with callbacks at `origin`.
    void start_users(const std::string& name, int count, const std::string& origin = "http://app.test");
    // Pauses or resumes an origin, as the API does.
    void pause(const std::string& origin, bool paused);
    // All that is pending and due at `now`, in the order of the origins.
    std::vector<sender::delivery> due(sender::instant now);
    sender::user_status status(const std::string& user);
    sender::delivery_detail newest_delivery(const std::string& user);
    std::size_t posted_to(std::string_view origin) const;
    // Of an origin, as an operator sees it.
    outbox::origin_report report(const std::string& origin);
    sender::origin_summary summary(const std::string& origin);

    fixed_clock clock;
    driven_timers timers;
    std::vector<std::string> log_lines;
    runtime::log log{clock, runtime::log_level::debug, runtime::log_format::text,
                     [this](std::string_view line) { log_lines.emplace_back(line); }};
    std::unique_ptr<refusing_store> store;
    scripted_transport transport{loop};
    outbox::dispatcher dispatcher;
    sender::promoter promoter;
};

} // namespace test
