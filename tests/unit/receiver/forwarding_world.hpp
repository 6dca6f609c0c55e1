#pragma once

#include "common/outbox/dispatcher.hpp"
#include "tests/support/driven_timers.hpp"
#include "tests/support/scripted_transport.hpp"
#include "tests/unit/receiver/fixture.hpp"

namespace test {

using namespace std::chrono_literals;

inline constexpr std::string_view app_url = "http://app.test/hook";

// A receiver that forwards: its real parts and the real dispatcher on one thread, with the clock, the timers
// and the app in the test's hands.
struct forwarding_world : receiver_fixture
{
    explicit forwarding_world(const outbox::dispatch_settings& settings = {})
        : receiver_fixture(
              {}, {.url = std::string(app_url),
                   .accepted = [this](outbox::delivery one) { dispatcher.offer({std::move(one)}); },
                   .reprocessed =
                       [this](receiver::instant now) { dispatcher.note_stored(receiver::the_app, now); }}),
          dispatcher(
              loop.get_executor(), *store, transport, clock, timers, [] { return std::uint64_t{1} << 63; },
              *webhook::secrets::parse(receiver_secret), settings, log)
    {}

    // Starts the dispatcher, as the daemon does.
    void begin()
    {
        dispatcher.start();
        settle();
    }

    // Moves the clock and lets happen what becomes due.
    void advance(std::chrono::milliseconds step)
    {
        clock.at += step;
        timers.fire(clock.at);
        settle();
    }

    // The app answers with this status from now on.
    void app_answers(unsigned status)
    {
        transport.answer = [status](const http::outgoing&) { return answered(status); };
    }

    std::string status_of(std::string_view id)
    {
        return std::string(get_json("/user-app/events/" + std::string(id)).at("status").as_string());
    }

    driven_timers timers;
    scripted_transport transport{loop};
    outbox::dispatcher dispatcher;
};

} // namespace test
