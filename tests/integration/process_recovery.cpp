// What a restart finds in the database and goes on with.
#include "tests/catch.hpp"
#include "tests/integration/support/api.hpp"
#include "tests/integration/support/eventually.hpp"
#include "tests/integration/support/pair.hpp"

#include <thread>

using namespace integration;

TEST_CASE("a session that became due while the sender was down is promoted and delivered at its start",
          "[process]")
{
    service_pair pair;
    const auto sender = pair.sender().address();
    sender_api::register_user(sender, "alice", pair.callback_url());
    const auto session = sender_api::start(sender, "alice");
    pair.kill(which::sender);
    std::this_thread::sleep_for(std::chrono::milliseconds(900)); // READY is due 800 ms after start
    pair.restart(which::sender);
    const auto inbox = receiver_api::inbox_when(pair.receiver().address(), "alice", 1);
    CHECK(inbox.size() == 1);
    CHECK(text_of(inbox.front(), "sessionId") == session);
    CHECK(sender_api::status(sender, "alice").at("status") == "READY");
}

TEST_CASE("a delivery that is pending when the sender is killed is delivered after its restart", "[process]")
{
    service_pair pair;
    const auto sender = pair.sender().address();
    pair.kill(which::receiver);
    sender_api::register_user(sender, "alice", pair.callback_url());
    const auto session = sender_api::start(sender, "alice");
    sender_api::status_when(sender, "alice", "READY");
    pair.kill(which::sender);
    pair.restart(which::receiver);
    pair.restart(which::sender);
    sender_api::delivery_when(sender, "alice", session, "delivered");
    CHECK(receiver_api::inbox(pair.receiver().address(), "alice").size() == 1);
}

TEST_CASE("a receiver that is down is tried again until it is back", "[process]")
{
    service_pair pair;
    const auto sender = pair.sender().address();
    pair.kill(which::receiver);
    sender_api::register_user(sender, "alice", pair.callback_url());
    const auto session = sender_api::start(sender, "alice");
    CHECK(eventually([&] {
        const auto pending = sender_api::delivery_of(sender, "alice", session);
        return pending && pending->at("attempts").to_number<int>() >= 2;
    }));
    pair.restart(which::receiver);
    const auto delivery = sender_api::delivery_when(sender, "alice", session, "delivered");
    const auto& attempts = delivery.at("attemptLog").as_array();
    CHECK(attempts.front().at("result") == "connect");
    CHECK(attempts.back().at("status") == 200);
    CHECK(receiver_api::inbox(pair.receiver().address(), "alice").size() == 1);
}

TEST_CASE("keys, events and registrations outlive a restart of both services", "[process]")
{
    service_pair pair;
    const auto event = make_event("alice");
    const auto bytes = webhook_request(pair.receiver().address(), event, test_secret);
    REQUIRE(ask_raw(pair.receiver().address(), bytes).value().status == 200);
    sender_api::register_user(pair.sender().address(), "alice", pair.callback_url());
    for (const auto side : {which::sender, which::receiver}) {
        REQUIRE(terminate(pair.side(side), std::chrono::seconds(20)) == 0);
        pair.restart(side);
    }
    const auto again = ask_raw(pair.receiver().address(), bytes).value();
    CHECK(object_of(again).at("result") == "duplicate");
    CHECK(receiver_api::inbox(pair.receiver().address(), "alice").size() == 1);
    CHECK(sender_api::status(pair.sender().address(), "alice").at("registered") == true);
}

TEST_CASE("a second process on the same database is refused, and the first goes on", "[process]")
{
    const auto side = GENERATE(which::sender, which::receiver);
    const temporary_folder folder;
    const auto values = test_settings(side, folder);
    service first(side, values);
    const auto second = run(executable(side), {}, values);
    CHECK(second.status > 0);
    CHECK(second.status < 128);
    INFO(second.errors);
    CHECK(second.errors.find("another process") != std::string::npos);
    CHECK(get(first.address(), "/readyz").status == 200);
}

TEST_CASE("a database is free again once its process is gone", "[process]")
{
    const auto side = GENERATE(which::sender, which::receiver);
    const temporary_folder folder;
    const auto values = test_settings(side, folder);
    {
        service killed(side, values);
    }
    service next(side, values);
    CHECK(get(next.address(), "/readyz").status == 200);
}
