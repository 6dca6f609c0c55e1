// The sender's rows for one user: register, start, status, unregister.
#include "tests/catch.hpp"
#include "tests/integration/support/api.hpp"
#include "tests/integration/support/signing.hpp"
#include "tests/integration/support/wire.hpp"

using namespace integration;

TEST_CASE("registering answers with the user and the callback URL as given", "[wire]")
{
    const auto user = unique("reg");
    const auto answer = post_json(wire().sender, "/ticketmaster/register/" + user,
                                  R"({"callbackUrl":")" + wire().callback_url + R"("})");
    INFO(shown(answer));
    REQUIRE(answer.status == 200);
    CHECK(answer.value("content-type") == "application/json");
    const auto body = object_of(answer);
    CHECK(text_of(body, "userId") == user);
    CHECK(text_of(body, "callbackUrl") == wire().callback_url);
}

TEST_CASE("a percent-encoded user id is the user that it spells", "[wire]")
{
    const auto name = unique("a@b+c:d~e");
    const auto answer = post_json(wire().sender, "/ticketmaster/register/%61%40" + name.substr(2),
                                  R"({"callbackUrl":")" + wire().callback_url + R"("})");
    REQUIRE(answer.status == 200);
    CHECK(text_of(object_of(answer), "userId") == name);
    CHECK(text_of(sender_api::status(wire().sender, name), "userId") == name);
}

TEST_CASE("a registered user who has not started is NOT_READY without a session", "[wire]")
{
    const auto user = unique("idle");
    sender_api::register_user(wire().sender, user, wire().callback_url);
    const auto status = sender_api::status(wire().sender, user);
    CHECK(text_of(status, "userId") == user);
    CHECK(status.at("status") == "NOT_READY");
    CHECK(status.at("registered") == true);
    for (const char* member : {"sessionId", "startedAt", "waitingAt", "readyAt", "notification"})
        CHECK(status.at(member).is_null());
}

TEST_CASE("a user who neither registered nor started is unknown", "[wire]")
{
    const auto answer = get(wire().sender, "/ticketmaster/status/" + unique("nobody"));
    INFO(shown(answer));
    CHECK(is_problem(answer, 404));
}

TEST_CASE("starting answers with a new session in NOT_READY", "[wire]")
{
    const auto user = unique("start");
    sender_api::register_user(wire().sender, user, wire().callback_url);
    const auto answer = ask(wire().sender, "POST", "/ticketmaster/start/" + user);
    INFO(shown(answer));
    REQUIRE(answer.status == 200);
    const auto body = object_of(answer);
    CHECK(text_of(body, "userId") == user);
    CHECK(body.at("status") == "NOT_READY");
    const auto session = text_of(body, "sessionId");
    CHECK(session.starts_with("wr_"));
    CHECK(session.size() == 3 + 36); // wr_<uuid>
}

TEST_CASE("starting again while a session runs answers that session", "[wire]")
{
    const auto user = unique("again");
    const auto session = sender_api::start(wire().sender, user);
    CHECK(sender_api::start(wire().sender, user) == session);
    sender_api::status_when(wire().sender, user, "READY");
}

TEST_CASE("a started user passes NOT_READY, WAITING and READY in that order and stays READY", "[wire]")
{
    const auto user = unique("order");
    const auto session = sender_api::start(wire().sender, user);
    CHECK(sender_api::status(wire().sender, user).at("status") == "NOT_READY");
    const auto waiting = sender_api::status_when(wire().sender, user, "WAITING");
    const auto ready = sender_api::status_when(wire().sender, user, "READY");
    CHECK(text_of(waiting, "sessionId") == session);
    CHECK(text_of(ready, "sessionId") == session);
    for (const char* member : {"startedAt", "waitingAt"})
        CHECK(waiting.at(member) == ready.at(member));               // both transitions are fixed at start
    CHECK(text_of(waiting, "readyAt") <= text_of(ready, "readyAt")); // when it is due; then when it came
    CHECK(text_of(ready, "startedAt") < text_of(ready, "waitingAt"));
    CHECK(text_of(ready, "waitingAt") < text_of(ready, "readyAt"));
    CHECK(sender_api::status(wire().sender, user).at("status") == "READY");
}

TEST_CASE("unregistering answers 204 without a body, for an unknown user too", "[wire]")
{
    const auto user = unique("gone");
    sender_api::register_user(wire().sender, user, wire().callback_url);
    for (int times = 0; times < 2; ++times) {
        const auto answer = ask(wire().sender, "DELETE", "/ticketmaster/register/" + user);
        CHECK(answer.status == 204);
        CHECK(answer.body.empty());
    }
    CHECK(get(wire().sender, "/ticketmaster/status/" + user).status == 404);
}

TEST_CASE("user ids that differ in the case of their letters are different users", "[wire]")
{
    const auto user = unique("case");
    sender_api::register_user(wire().sender, user, wire().callback_url);
    CHECK(get(wire().sender, "/ticketmaster/status/C" + user.substr(1)).status == 404);
}
