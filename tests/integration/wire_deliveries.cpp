// The sender's list of deliveries, and one of them.
#include "tests/catch.hpp"
#include "tests/integration/support/api.hpp"
#include "tests/integration/support/pending_user.hpp"
#include "tests/integration/support/signing.hpp"
#include "tests/integration/support/wire.hpp"

#include <boost/json/serialize.hpp>

#include <set>

using namespace integration;

namespace {

boost::json::object page(std::string_view query)
{
    const auto answer = get(wire().sender, std::string("/ticketmaster/deliveries") + std::string(query));
    INFO(shown(answer));
    REQUIRE(answer.status == 200);
    return object_of(answer);
}

} // namespace

TEST_CASE("a delivery that failed is pending and says what came back from each attempt", "[wire]")
{
    const pending_user one;
    const auto delivery = sender_api::delivery(wire().sender, one.id);
    INFO(boost::json::serialize(delivery));
    CHECK(text_of(delivery, "userId") == one.user);
    CHECK(text_of(delivery, "sessionId") == one.session);
    CHECK(delivery.at("status") == "pending");
    CHECK(text_of(delivery, "idempotencyKey") == "evt_" + one.session + "_active");
    CHECK(text_of(delivery, "callbackUrl") == wire().unanswered_callback_url());
    CHECK(text_of(delivery, "origin") == origin::parse(wire().callback_url).url());
    const auto& attempts = delivery.at("attemptLog").as_array();
    REQUIRE(!attempts.empty());
    for (const auto& attempt : attempts) {
        CHECK(attempt.at("status") == 404);
        CHECK(attempt.as_object().contains("startedAt"));
        CHECK(attempt.as_object().contains("durationMs"));
    }
}

TEST_CASE("deliveries are listed by user, status and origin, and by all of them", "[wire]")
{
    const pending_user one;
    const auto own = "userId=" + one.user;
    const auto origin_url = origin::parse(wire().callback_url).url();
    CHECK(page("?" + own).at("items").as_array().size() == 1);
    CHECK(page("?" + own + "&status=pending").at("items").as_array().size() == 1);
    CHECK(page("?" + own + "&status=delivered").at("items").as_array().empty());
    CHECK(page("?" + own + "&status=dead").at("items").as_array().empty());
    CHECK(page("?" + own + "&origin=" + origin_url).at("items").as_array().size() == 1);
    CHECK(page("?" + own + "&origin=http://elsewhere.example").at("items").as_array().empty());
    CHECK(page("?userId=" + unique("nobody")).at("items").as_array().empty());
}

TEST_CASE("the pages of deliveries hold each once, newest first", "[wire]")
{
    const auto user = unique("pages");
    sender_api::register_user(wire().sender, user, wire().callback_url);
    std::vector<std::string> sessions;
    for (int visits = 0; visits < 3; ++visits) {
        sessions.push_back(sender_api::start(wire().sender, user));
        sender_api::delivery_when(wire().sender, user, sessions.back(), "delivered");
    }
    std::vector<std::string> listed;
    const auto first_page = "?limit=1&userId=" + user;
    auto query = first_page;
    for (int pages = 0; pages < 3; ++pages) {
        const auto one = page(query);
        REQUIRE(one.at("items").as_array().size() == 1);
        listed.push_back(text_of(one.at("items").as_array().front().as_object(), "sessionId"));
        if (one.at("next").is_null())
            break;
        query = first_page;
        query.append("&after=").append(text_of(one, "next"));
    }
    CHECK(listed == std::vector<std::string>(sessions.rbegin(), sessions.rend()));
    CHECK(page("?limit=3&userId=" + user).at("items").as_array().size() == 3);
}

TEST_CASE("a list of deliveries refuses what it does not know", "[wire]")
{
    const auto query =
        GENERATE(as<std::string>{}, "?colour=red", "?limit=0", "?limit=501", "?limit=-1", "?limit=1e2",
                 "?limit=", "?status=lost", "?after=!", "?limit=1&limit=2", "?userId=a%2Fb");
    const auto answer = get(wire().sender, std::string("/ticketmaster/deliveries") + query);
    INFO(query << " " << shown(answer));
    CHECK(is_problem(answer, 400));
}

TEST_CASE("a delivery that does not exist is unknown", "[wire]")
{
    const auto id = GENERATE(as<std::string>{}, "nonsense", "0", "99999999999999999999999", "-1", "%2e%2e");
    const auto answer = get(wire().sender, std::string("/ticketmaster/deliveries/") + id);
    INFO(id << " " << shown(answer));
    CHECK(is_problem(answer, 404));
}
