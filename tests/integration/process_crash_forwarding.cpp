// The receiver dies where a crash could cost an event that is to be forwarded.
#include "tests/catch.hpp"
#include "tests/integration/support/crash_points.hpp"
#include "tests/integration/support/eventually.hpp"
#include "tests/integration/support/forwarding.hpp"

#include <csignal>

using namespace integration;

TEST_CASE("a receiver that dies between the app's answer and its record forwards that event again",
          "[process][crash]")
{
    const app there;
    forwarding_receiver receiver(there.url(), {{crash_setting(which::receiver), "post-not-recorded"}});
    const auto event = receiver.receive();
    CHECK(receiver.running().process().wait(eventually_max).value_or(still_running) == 128 + SIGKILL);
    receiver.values().erase(crash_setting(which::receiver));
    receiver.start();
    REQUIRE(receiver.drained());
    CHECK(keys_of(there)[event.key] == 2);
}

TEST_CASE("a receiver that dies between the commit of an event and its 200 forwards it all the same",
          "[process][crash]")
{
    const app there;
    forwarding_receiver receiver(there.url(), {{crash_setting(which::receiver), "accept-not-answered"}});
    const auto event = make_event("alice");
    CHECK(!ask_raw(receiver.address(), webhook_request(receiver.address(), event, test_secret)));
    CHECK(receiver.running().process().wait(eventually_max).value_or(still_running) == 128 + SIGKILL);
    receiver.values().erase(crash_setting(which::receiver));
    receiver.start();
    REQUIRE(receiver.drained());
    CHECK(keys_of(there)[event.key] == 1);
}
