#include "common/http/health_routes.hpp"
#include "tests/catch.hpp"
#include "tests/support/openapi.hpp"
#include "tests/unit/receiver/forwarding_world.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

namespace json = boost::json;
using test::event_body;
using test::receiver_fixture;

namespace {

void receive_five(receiver_fixture& r)
{
    for (int i = 0; i < 5; ++i)
        r.post(event_body(i % 2 == 0 ? "even" : "odd", "wr_" + std::to_string(i)),
               "evt_wr_" + std::to_string(i) + "_active");
}

std::vector<std::string> sessions_of(const http::response& page)
{
    std::vector<std::string> sessions;
    const auto root = json::parse(page.body);
    for (const auto& item : root.at("items").as_array())
        sessions.emplace_back(item.at("sessionId").as_string());
    return sessions;
}

using names = std::vector<std::string>;

} // namespace

TEST_CASE("events are listed newest first, and by user")
{
    receiver_fixture r;
    receive_five(r);
    CHECK(sessions_of(r.get("/user-app/events")) == names{"wr_4", "wr_3", "wr_2", "wr_1", "wr_0"});
    CHECK(sessions_of(r.get("/user-app/events?userId=odd")) == names{"wr_3", "wr_1"});
    CHECK(sessions_of(r.get("/user-app/events?status=processed&userId=odd")) == names{"wr_3", "wr_1"});
    CHECK(sessions_of(r.get("/user-app/events?status=dead")).empty());
}

TEST_CASE("events are filtered by status, alone, with a user and over pages")
{
    test::forwarding_world w;
    w.begin();
    const std::vector<unsigned> answers{200, 410, 500, 410, 200, 500};
    for (std::size_t i = 0; i < answers.size(); ++i) {
        w.app_answers(answers[i]);
        w.receive(i % 2 == 0 ? "even" : "odd", "wr_" + std::to_string(i));
        w.settle();
    }
    CHECK(sessions_of(w.get("/user-app/events?status=processed")) == names{"wr_4", "wr_0"});
    CHECK(sessions_of(w.get("/user-app/events?status=dead")) == names{"wr_3", "wr_1"});
    CHECK(sessions_of(w.get("/user-app/events?status=accepted")) == names{"wr_5", "wr_2"});
    CHECK(sessions_of(w.get("/user-app/events?status=dead&userId=odd")) == names{"wr_3", "wr_1"});
    CHECK(sessions_of(w.get("/user-app/events?status=accepted&userId=odd")) == names{"wr_5"});
    CHECK(sessions_of(w.get("/user-app/events?status=processed&userId=odd")).empty());
    const auto* const status = GENERATE("accepted", "processed", "dead");
    const auto list = "/user-app/events?limit=1&status=" + std::string(status);
    const auto first = w.get(list);
    const auto next = std::string(json::parse(first.body).at("next").as_string());
    const auto second = w.get(list + "&after=" + next);
    CHECK(json::parse(second.body).at("next").is_null());
    auto both = sessions_of(first);
    both.push_back(sessions_of(second).at(0));
    CHECK(both == sessions_of(w.get("/user-app/events?status=" + std::string(status))));
}

TEST_CASE("pages of events follow each other without a gap or a repetition")
{
    const auto* const user = GENERATE("", "&userId=even");
    receiver_fixture r;
    receive_five(r);
    names seen;
    std::string after;
    do {
        const auto page = r.get("/user-app/events?limit=2" + std::string(user) + after);
        for (const auto& session : sessions_of(page))
            seen.push_back(session);
        const auto root = json::parse(page.body);
        const auto& next = root.at("next");
        after = next.is_null() ? "" : "&after=" + std::string(next.as_string());
    } while (!after.empty());
    CHECK(seen == (*user ? names{"wr_4", "wr_2", "wr_0"} : names{"wr_4", "wr_3", "wr_2", "wr_1", "wr_0"}));
}

TEST_CASE("an unknown parameter, status, user id or cursor of the list is refused")
{
    receiver_fixture r;
    const auto* const query =
        GENERATE("?x=1", "?status=pending", "?status=", "?limit=0", "?after=x", "?userId=a%2Fb", "?userId=");
    CAPTURE(query);
    CHECK(r.get(std::string("/user-app/events") + query).status == 400);
}

TEST_CASE("an event that does not exist is 404, whatever the id")
{
    receiver_fixture r;
    const auto* const id = GENERATE("1", "0", "x", "-1", "99999999999999999999");
    CAPTURE(id);
    CHECK(r.get(std::string("/user-app/events/") + id).status == 404);
}

TEST_CASE("the receiver's OpenAPI document and its routes name the same operations")
{
    receiver_fixture r;
    auto routes = r.api.routes();
    for (auto& route : http::health_routes([] { return true; }, receiver::openapi_document()))
        routes.push_back(std::move(route));
    CHECK(test::documented_operations(receiver::openapi_document()) == test::routed_operations(routes));
    CHECK(test::dangling_references(receiver::openapi_document()).empty());
}
