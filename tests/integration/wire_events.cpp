// The receiver's rows: the webhook, the inbox, the operator's events, the rejections.
#include "tests/catch.hpp"
#include "tests/integration/support/api.hpp"
#include "tests/integration/support/signing.hpp"
#include "tests/integration/support/wire.hpp"

#include <boost/json/serialize.hpp>

using namespace integration;

namespace {

reply post_event(const sample_event& event, scheme which = scheme::both)
{
    const auto answer =
        ask_raw(wire().receiver, webhook_request(wire().receiver, event, wire().secret, which));
    REQUIRE(answer.has_value());
    return *answer;
}

} // namespace

TEST_CASE("a signed event is accepted, and the same again is a duplicate", "[wire]")
{
    const auto event = make_event(unique("ann"));
    const auto first = post_event(event);
    INFO(shown(first));
    REQUIRE(first.status == 200);
    CHECK(object_of(first).at("result") == "accepted");
    const auto second = post_event(event);
    CHECK(second.status == 200);
    CHECK(object_of(second).at("result") == "duplicate");
    CHECK(receiver_api::inbox(wire().receiver, event.user).size() == 1);
}

TEST_CASE("scheme 2 alone is accepted", "[wire]")
{
    const auto event = make_event(unique("std"));
    CHECK(post_event(event, scheme::standard).status == 200);
    CHECK(receiver_api::inbox(wire().receiver, event.user).size() == 1);
}

TEST_CASE("scheme 1 alone is accepted by a receiver that takes any, and refused by a strict one", "[wire]")
{
    const auto event = make_event(unique("seed"));
    const auto answer = post_event(event, scheme::seed);
    CHECK(answer.status == (wire().seed_alone_accepted ? 200U : 401U));
    CHECK(receiver_api::inbox(wire().receiver, event.user).size() == (wire().seed_alone_accepted ? 1U : 0U));
}

TEST_CASE("two users may use the same idempotency key", "[wire]")
{
    const auto first = make_event(unique("one"));
    auto second = make_event(unique("two"));
    second.key = first.key;
    second.body = first.body;
    second.body.replace(second.body.find(first.user), first.user.size(), second.user);
    CHECK(object_of(post_event(first)).at("result") == "accepted");
    CHECK(object_of(post_event(second)).at("result") == "accepted");
    CHECK(receiver_api::inbox(wire().receiver, first.user).size() == 1);
    CHECK(receiver_api::inbox(wire().receiver, second.user).size() == 1);
}

TEST_CASE("of two bodies under one key the first is kept and the other counted", "[wire]")
{
    const auto event = make_event(unique("bodies"));
    auto changed = event;
    changed.body.replace(changed.body.find("WAITING_ROOM_ACTIVE"), 19, "ANOTHER_TYPE_OF_IT_");
    CHECK(object_of(post_event(event)).at("result") == "accepted");
    CHECK(object_of(post_event(changed)).at("result") == "duplicate");
    const auto inbox = receiver_api::inbox(wire().receiver, event.user);
    REQUIRE(inbox.size() == 1);
    CHECK(inbox.front().at("type") == "WAITING_ROOM_ACTIVE");
    CHECK(receiver_api::events(wire().receiver, event.user).front().at("duplicates") == 1);
}

TEST_CASE("an event of unknown type with unknown members is stored, its bytes as they came", "[wire]")
{
    auto event = make_event(unique("odd"));
    event.body.replace(event.body.find("WAITING_ROOM_ACTIVE"), 19, "SOMETHING_NEW");
    event.body.insert(1, "\"more\" : {\"a\":[1, 2.50]},\n  ");
    REQUIRE(post_event(event).status == 200);
    const auto inbox = receiver_api::inbox(wire().receiver, event.user);
    REQUIRE(inbox.size() == 1);
    CHECK(inbox.front().at("type") == "SOMETHING_NEW");
    CHECK(inbox.front().as_object().size() == 6);
    const auto id = text_of(receiver_api::events(wire().receiver, event.user).front().as_object(), "id");
    CHECK(text_of(receiver_api::event(wire().receiver, id), "body") == event.body);
}

TEST_CASE("an event can be read as it was received", "[wire]")
{
    const auto event = make_event(unique("read"));
    REQUIRE(post_event(event).status == 200);
    const auto listed = receiver_api::events(wire().receiver, event.user);
    REQUIRE(listed.size() == 1);
    const auto& row = listed.front().as_object();
    CHECK(text_of(row, "userId") == event.user);
    CHECK(text_of(row, "sessionId") == event.session);
    CHECK(text_of(row, "idempotencyKey") == event.key);
    CHECK(row.at("type") == "WAITING_ROOM_ACTIVE");
    CHECK(row.at("status") == "processed");
    const auto one = receiver_api::event(wire().receiver, text_of(row, "id"));
    INFO(boost::json::serialize(one));
    bool signature_kept = false;
    for (const auto& field : one.at("headers").as_array())
        signature_kept =
            signature_kept || (field.at("name") == "webhook-id" && text_of(field, "value") == event.key);
    CHECK(signature_kept);
}

TEST_CASE("a user without events has an empty inbox", "[wire]")
{
    const auto answer = get(wire().receiver, "/user-app/inbox/" + unique("nobody"));
    CHECK(answer.status == 200);
    CHECK(answer.value("content-type") == "application/json");
    CHECK(answer.body == "[]");
}

TEST_CASE("the pages of events hold each once, newest first", "[wire]")
{
    const auto user = unique("pages");
    std::vector<std::string> keys;
    for (int count = 0; count < 3; ++count) {
        const auto event = make_event(user);
        REQUIRE(post_event(event).status == 200);
        keys.insert(keys.begin(), event.key);
    }
    std::vector<std::string> listed;
    const auto first_page = "/user-app/events?limit=1&userId=" + user;
    auto target = first_page;
    for (int pages = 0; pages < 3; ++pages) {
        const auto page = object_of(get(wire().receiver, target));
        REQUIRE(page.at("items").as_array().size() == 1);
        listed.push_back(text_of(page.at("items").as_array().front().as_object(), "idempotencyKey"));
        if (page.at("next").is_null())
            break;
        target = first_page;
        target.append("&after=").append(text_of(page, "next"));
    }
    CHECK(listed == keys);
}

TEST_CASE("a list of events refuses what it does not know", "[wire]")
{
    const auto query = GENERATE(as<std::string>{}, "events?colour=red", "events?limit=0", "events?limit=501",
                                "events?limit=x", "events?status=lost", "events?after=!",
                                "events?limit=1&limit=2", "rejections?colour=red");
    const auto answer = get(wire().receiver, std::string("/user-app/") + query);
    INFO(query << " " << shown(answer));
    CHECK(is_problem(answer, 400));
}

TEST_CASE("an event that does not exist is unknown", "[wire]")
{
    const auto id = GENERATE(as<std::string>{}, "nonsense", "0", "99999999999999999999999", "-1", "%2e%2e");
    const auto answer = get(wire().receiver, std::string("/user-app/events/") + id);
    INFO(id << " " << shown(answer));
    CHECK(is_problem(answer, 404));
}

TEST_CASE("a refused request is in the list of rejections with its reason, and no signature", "[wire]")
{
    const auto event = make_event(unique("refused"));
    const auto request = webhook_request(wire().receiver, event, "a-secret-of-someone-else");
    const auto answer = ask_raw(wire().receiver, request);
    REQUIRE(answer.has_value());
    CHECK(is_problem(*answer, 401));
    const auto list = get(wire().receiver, "/user-app/rejections");
    REQUIRE(list.status == 200);
    const auto items = object_of(list).at("items").as_array();
    REQUIRE(!items.empty());
    const auto& newest = items.front().as_object();
    CHECK(newest.at("status") == 401);
    for (const char* member : {"at", "remote", "reason", "detail"})
        CHECK(!text_of(newest, member).empty());
    const auto expected = signature_headers(wire().secret, event.key, event.body);
    for (const auto& field : expected) {
        if (field.name == "X-Signature" || field.name == "webhook-signature")
            CHECK(list.body.find(field.value) == std::string::npos);
    }
    CHECK(list.body.find(wire().secret) == std::string::npos);
}
