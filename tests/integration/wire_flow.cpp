// The flow of one user's event, from registration to the inbox.
#include "tests/catch.hpp"
#include "tests/integration/support/api.hpp"
#include "tests/integration/support/eventually.hpp"
#include "tests/integration/support/signing.hpp"
#include "tests/integration/support/wire.hpp"

using namespace integration;

TEST_CASE("a registered user who starts finds one event in the inbox after READY", "[wire]")
{
    const auto user = unique("alice");
    sender_api::register_user(wire().sender, user, wire().callback_url);
    const auto session = sender_api::start(wire().sender, user);
    CHECK(receiver_api::inbox(wire().receiver, user).empty());

    const auto inbox = receiver_api::inbox_when(wire().receiver, user, 1);
    REQUIRE(inbox.size() == 1);
    const auto& event = inbox.front().as_object();
    CHECK(event.size() == 6);
    CHECK(event.at("type") == "WAITING_ROOM_ACTIVE");
    CHECK(text_of(event, "userId") == user);
    CHECK(text_of(event, "sessionId") == session);
    CHECK(text_of(event, "idempotencyKey") == "evt_" + session + "_active");
    CHECK(text_of(event, "eventId").starts_with("evt_"));
    CHECK(text_of(event, "issuedAt").back() == 'Z');

    const auto status = sender_api::status(wire().sender, user);
    CHECK(status.at("status") == "READY");
    CHECK(text_of(status, "readyAt").substr(0, 19) == text_of(event, "issuedAt").substr(0, 19));
    const auto delivered = sender_api::delivery_when(wire().sender, user, session, "delivered");
    CHECK(text_of(delivered, "userId") == user);
    const auto notified = sender_api::status(wire().sender, user).at("notification").as_object();
    CHECK(notified.at("status") == "delivered");
    CHECK(text_of(notified, "deliveryId") == text_of(delivered, "id"));
}

TEST_CASE("nothing is sent before READY", "[wire]")
{
    const auto user = unique("early");
    sender_api::register_user(wire().sender, user, wire().callback_url);
    const auto session = sender_api::start(wire().sender, user);
    bool nothing = true;
    bool ready = false;
    eventually([&] {
        // What is there must be read before the status: READY may come between the two.
        const bool empty = receiver_api::inbox(wire().receiver, user).empty();
        const bool none = sender_api::deliveries(wire().sender, user).empty();
        ready = sender_api::status(wire().sender, user).at("status") == "READY";
        nothing = nothing && (ready || (empty && none));
        return ready;
    });
    CHECK(ready);
    CHECK(nothing);
    sender_api::delivery_when(wire().sender, user, session, "delivered");
}

TEST_CASE("a second visit notifies again with another session", "[wire]")
{
    const auto user = unique("twice");
    sender_api::register_user(wire().sender, user, wire().callback_url);
    const auto first = sender_api::start(wire().sender, user);
    receiver_api::inbox_when(wire().receiver, user, 1);
    const auto second = sender_api::start(wire().sender, user);
    CHECK(second != first);
    const auto inbox = receiver_api::inbox_when(wire().receiver, user, 2);
    REQUIRE(inbox.size() == 2);
    CHECK(text_of(inbox[0], "sessionId") == first); // oldest first
    CHECK(text_of(inbox[1], "sessionId") == second);
}

TEST_CASE("a user who starts without a registration becomes READY and is sent nothing, then or later",
          "[wire]")
{
    const auto user = unique("unregistered");
    sender_api::start(wire().sender, user);
    const auto ready = sender_api::status_when(wire().sender, user, "READY");
    CHECK(ready.at("registered") == false);
    CHECK(ready.at("notification").is_null());
    sender_api::register_user(wire().sender, user, wire().callback_url);

    // The event of a user who becomes READY afterwards is what shows that this one's is not merely late.
    const auto other = unique("afterwards");
    sender_api::register_user(wire().sender, other, wire().callback_url);
    sender_api::start(wire().sender, other);
    receiver_api::inbox_when(wire().receiver, other, 1);
    CHECK(receiver_api::inbox(wire().receiver, user).empty());
    CHECK(sender_api::deliveries(wire().sender, user).empty());
}

TEST_CASE("a callback URL registered before READY is the one that is called", "[wire]")
{
    const auto user = unique("moved");
    sender_api::register_user(wire().sender, user, wire().unanswered_callback_url());
    const auto session = sender_api::start(wire().sender, user);
    sender_api::register_user(wire().sender, user, wire().callback_url);
    const auto delivery = sender_api::delivery_when(wire().sender, user, session, "delivered");
    CHECK(delivery.at("attempts") == 1);
    CHECK(receiver_api::inbox(wire().receiver, user).size() == 1);
}

TEST_CASE("registering again after READY sends what is pending to the new URL at once", "[wire]")
{
    const auto user = unique("late");
    sender_api::register_user(wire().sender, user, wire().unanswered_callback_url());
    const auto session = sender_api::start(wire().sender, user);
    sender_api::status_when(wire().sender, user, "READY");
    CHECK(eventually([&] {
        const auto pending = sender_api::delivery_of(wire().sender, user, session);
        return pending && pending->at("attempts").to_number<int>() >= 1;
    }));
    sender_api::register_user(wire().sender, user, wire().callback_url);
    sender_api::delivery_when(wire().sender, user, session, "delivered");
    const auto inbox = receiver_api::inbox(wire().receiver, user);
    REQUIRE(inbox.size() == 1);
    CHECK(text_of(inbox.front(), "sessionId") == session);
}

TEST_CASE("unregistering before READY leaves nothing to send", "[wire]")
{
    const auto user = unique("leaves");
    sender_api::register_user(wire().sender, user, wire().callback_url);
    sender_api::start(wire().sender, user);
    sender_api::unregister(wire().sender, user);
    sender_api::status_when(wire().sender, user, "READY");
    CHECK(sender_api::deliveries(wire().sender, user).empty());
    CHECK(receiver_api::inbox(wire().receiver, user).empty());
}

TEST_CASE("unregistering after READY ends what is pending with the reason unregistered", "[wire]")
{
    const auto user = unique("quits");
    sender_api::register_user(wire().sender, user, wire().unanswered_callback_url());
    const auto session = sender_api::start(wire().sender, user);
    sender_api::status_when(wire().sender, user, "READY");
    sender_api::unregister(wire().sender, user);
    const auto dead = sender_api::delivery_when(wire().sender, user, session, "dead");
    CHECK(dead.at("reason") == "unregistered");
    CHECK(sender_api::status(wire().sender, user).at("registered") == false);
}
