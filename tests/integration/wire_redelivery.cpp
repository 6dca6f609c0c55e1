// Deliveries that are sent again, one by one and by filter.
#include "tests/catch.hpp"
#include "tests/integration/support/api.hpp"
#include "tests/integration/support/pending_user.hpp"
#include "tests/integration/support/signing.hpp"
#include "tests/integration/support/wire.hpp"

#include <boost/json/serialize.hpp>

using namespace integration;

namespace {

reply redeliver(std::string_view id)
{
    return ask(wire().sender, "POST",
               std::string("/ticketmaster/deliveries/").append(id).append("/redeliver"));
}

reply redeliver_by(std::string_view filter)
{
    return post_json(wire().sender, "/ticketmaster/deliveries/redeliver", filter);
}

std::string dead_of(std::string_view user)
{
    return boost::json::serialize(boost::json::object{{"status", "dead"}, {"userId", user}});
}

// A user whose only delivery is dead since they left, and who has come back with a callback that answers.
struct returned_user : pending_user
{
    returned_user()
    {
        sender_api::unregister(wire().sender, user);
        sender_api::delivery_when(wire().sender, user, session, "dead");
        sender_api::register_user(wire().sender, user, wire().callback_url);
    }
};

} // namespace

TEST_CASE("a dead delivery that is asked for again arrives, and its old attempts stay listed", "[wire]")
{
    const returned_user one;
    const auto before = sender_api::delivery(wire().sender, one.id).at("attemptLog").as_array().size();
    const auto answer = redeliver(one.id);
    INFO(shown(answer));
    REQUIRE(answer.status == 202);
    CHECK(text_of(object_of(answer), "deliveryId") == one.id);
    CHECK(object_of(answer).at("status") == "pending");
    const auto delivery = sender_api::delivery_when(wire().sender, one.user, one.session, "delivered");
    CHECK(delivery.at("reason").is_null());
    const auto& attempts = delivery.at("attemptLog").as_array();
    REQUIRE(attempts.size() == before + 1);
    CHECK(attempts.back().at("status") == 200);
    CHECK(attempts.back().at("number").to_number<std::size_t>() == before + 1);
    const auto inbox = receiver_api::inbox_when(wire().receiver, one.user, 1);
    CHECK(text_of(inbox.front(), "idempotencyKey") == "evt_" + one.session + "_active");
}

TEST_CASE("a delivered one that is sent again is in the inbox once", "[wire]")
{
    const auto user = unique("again");
    sender_api::register_user(wire().sender, user, wire().callback_url);
    const auto session = sender_api::start(wire().sender, user);
    const auto id = text_of(sender_api::delivery_when(wire().sender, user, session, "delivered"), "id");
    REQUIRE(redeliver(id).status == 202);
    eventually([&] { return sender_api::delivery(wire().sender, id).at("attempts") == 2; });
    const auto delivery = sender_api::delivery_when(wire().sender, user, session, "delivered");
    CHECK(delivery.at("attempts") == 2);
    CHECK(receiver_api::inbox(wire().receiver, user).size() == 1);
}

TEST_CASE("a pending delivery that is asked for goes on at once", "[wire]")
{
    const pending_user one;
    const auto answer = redeliver(one.id);
    INFO(shown(answer));
    CHECK(answer.status == 202);
    CHECK(sender_api::delivery(wire().sender, one.id).at("status") == "pending");
}

TEST_CASE("a delivery whose user is not registered any more cannot be sent again", "[wire]")
{
    const pending_user one;
    sender_api::unregister(wire().sender, one.user);
    const auto answer = redeliver(one.id);
    INFO(shown(answer));
    CHECK(is_problem(answer, 409));
    CHECK(sender_api::delivery(wire().sender, one.id).at("status") == "dead");
}

TEST_CASE("a delivery that does not exist cannot be sent again", "[wire]")
{
    const auto id = GENERATE(as<std::string>{}, "nonsense", "0", "-1", "99999999999999999999999",
                             "9223372036854775807", "%2e%2e");
    const auto answer = redeliver(id);
    INFO(id << " " << shown(answer));
    CHECK(is_problem(answer, 404));
}

TEST_CASE("by filter the dead of one user are sent again, and the next call finds none", "[wire]")
{
    const returned_user one;
    const auto answer = redeliver_by(dead_of(one.user));
    INFO(shown(answer));
    REQUIRE(answer.status == 202);
    const auto done = object_of(answer);
    CHECK(done.at("queued") == 1);
    CHECK(done.at("remaining") == 0);
    CHECK(done.at("skipped") == 0);
    sender_api::delivery_when(wire().sender, one.user, one.session, "delivered");
    CHECK(object_of(redeliver_by(dead_of(one.user))).at("queued") == 0);
}

TEST_CASE("by filter what is not eligible is passed over, and counted", "[wire]")
{
    const pending_user one;
    sender_api::unregister(wire().sender, one.user);
    const auto answer = redeliver_by(dead_of(one.user));
    INFO(shown(answer));
    REQUIRE(answer.status == 202);
    CHECK(object_of(answer) == boost::json::object{{"queued", 0}, {"remaining", 0}, {"skipped", 1}});
}

TEST_CASE("a filter for an origin that nobody was registered at finds nothing", "[wire]")
{
    const auto answer = redeliver_by(R"({"status":"dead","origin":"http://nobody.example:81"})");
    INFO(shown(answer));
    REQUIRE(answer.status == 202);
    CHECK(object_of(answer).at("queued") == 0);
}

TEST_CASE("a filter that is none is refused", "[wire]")
{
    const auto body =
        GENERATE(as<std::string>{}, "", "{}", "[]", "null", "{", R"({"status":"pending"})", R"({"status":4})",
                 R"({"status":"dead","colour":"red"})", R"({"status":"dead","status":"dead"})",
                 R"({"status":"dead","origin":5})", R"({"status":"dead","origin":"http://app.example/path"})",
                 R"({"status":"dead","userId":"a/b"})", R"({"status":"dead","userId":null})");
    const auto answer = redeliver_by(body);
    INFO(body << " " << shown(answer));
    CHECK(is_problem(answer, 400));
}

TEST_CASE("a filter that is too large, or not said to be JSON, is refused", "[wire]")
{
    const std::string filter = R"({"status":"dead","userId":"nobody"})";
    const auto large = redeliver_by(filter + std::string(70'000, ' '));
    INFO(shown(large));
    CHECK(is_problem(large, 413));
    for (const headers& fields : {headers{}, headers{{"Content-Type", "text/plain"}}}) {
        const auto answer = ask(wire().sender, "POST", "/ticketmaster/deliveries/redeliver", fields, filter);
        INFO(shown(answer));
        CHECK(is_problem(answer, 415));
    }
}

TEST_CASE("redelivery is asked for with POST", "[wire]")
{
    const auto answer = get(wire().sender, "/ticketmaster/deliveries/1/redeliver");
    INFO(shown(answer));
    CHECK(is_problem(answer, 405));
    CHECK(answer.value("allow") == "POST");
}
