#include "common/http/message.hpp"

#include "tests/catch.hpp"

#include <boost/json/parse.hpp>

namespace {

http::request with_types(std::vector<std::string> types)
{
    http::request message;
    for (auto& type : types)
        message.headers.push_back({"content-TYPE", std::move(type)});
    return message;
}

} // namespace

TEST_CASE("a problem is RFC 9457 JSON with the reason phrase as its title")
{
    const auto answer = http::problem(422, "say \"which\" port\n");
    CHECK(answer.status == 422);
    CHECK(answer.content_type == "application/problem+json");
    const auto body = boost::json::parse(answer.body).as_object();
    CHECK(body.size() == 4);
    CHECK(body.at("type") == "about:blank");
    CHECK(body.at("title") == "Unprocessable Content");
    CHECK(body.at("status") == 422);
    CHECK(body.at("detail") == "say \"which\" port\n");
    CHECK(answer.headers.empty());
}

TEST_CASE("a 503 problem says when to come back")
{
    const auto answer = http::problem(503, "full");
    REQUIRE(answer.headers.size() == 1);
    CHECK(answer.headers.front().name == "Retry-After");
    CHECK(answer.headers.front().value == "1");
}

TEST_CASE("an empty answer has neither body nor content type")
{
    const auto answer = http::empty(204);
    CHECK(answer.status == 204);
    CHECK(answer.body.empty());
    CHECK(answer.content_type.empty());
}

TEST_CASE("a JSON answer carries the text it was given")
{
    const auto answer = http::json(202, "[1]");
    CHECK(answer.status == 202);
    CHECK(answer.body == "[1]");
    CHECK(answer.content_type == "application/json");
}

TEST_CASE("every status of the contract has a reason phrase")
{
    for (const unsigned status :
         {200U, 202U, 204U, 400U, 401U, 404U, 405U, 408U, 409U, 413U, 415U, 422U, 429U, 431U, 500U, 503U})
    {
        CAPTURE(status);
        CHECK_FALSE(http::reason_phrase(status).empty());
    }
    CHECK(http::reason_phrase(299).empty());
}

TEST_CASE("header values are found by name whatever its case, in order")
{
    http::request message;
    message.headers = {{"X-Signature", "one"}, {"Host", "h"}, {"x-signature", "two"}};
    CHECK(message.values("X-SIGNATURE") == std::vector<std::string_view>{"one", "two"});
    CHECK(message.values("X-Signatur").empty());
}

TEST_CASE("JSON is told by exactly one content type")
{
    for (const char* const type : {"application/json", "Application/JSON", "application/json; charset=utf-8",
                                   "application/json;charset=\"utf-8\"", "application/cloudevents+json",
                                   "application/problem+JSON ; a=b"})
    {
        CAPTURE(type);
        CHECK(http::is_json(with_types({type})));
    }
    for (const char* const type :
         {"", "text/plain", "application/jsonp", "application/x-json", "json", "+json", "/json",
          "application/+json", "text/plain; a=application/json", "application/json, text/plain"})
    {
        CAPTURE(type);
        CHECK_FALSE(http::is_json(with_types({type})));
    }
    CHECK_FALSE(http::is_json(with_types({})));
    CHECK_FALSE(http::is_json(with_types({"application/json", "application/json"})));
}
