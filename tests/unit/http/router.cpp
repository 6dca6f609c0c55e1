#include "common/http/router.hpp"

#include "tests/catch.hpp"

namespace {

using strings = std::vector<std::string>;

const std::vector<http::route>& routes()
{
    static const std::vector<http::route> table = {
        {"GET", "/", {}},
        {"GET", "/users", {}},
        {"POST", "/users", {}},
        {"GET", "/users/{userId}", {}},
        {"DELETE", "/users/{userId}", {}},
        {"GET", "/events/stream", {}},
        {"GET", "/events/{id}", {}},
        {"POST", "/events/{id}/again/{n}", {}},
    };
    return table;
}

http::match_result look(std::string_view method, std::string_view target)
{
    return http::match(routes(), method, target);
}

http::found hit(std::string_view method, std::string_view target)
{
    CAPTURE(method, target);
    auto result = look(method, target);
    REQUIRE(std::holds_alternative<http::found>(result));
    return std::get<http::found>(std::move(result));
}

} // namespace

TEST_CASE("a route is found by method and path")
{
    CHECK(hit("GET", "/").index == 0);
    CHECK(hit("GET", "/users").index == 1);
    CHECK(hit("POST", "/users").index == 2);
    CHECK(hit("DELETE", "/users/alice").index == 4);
    CHECK(hit("POST", "/events/7/again/8").parameters == strings{"7", "8"});
}

TEST_CASE("a GET route answers HEAD")
{
    CHECK(hit("HEAD", "/users").index == 1);
}

TEST_CASE("the first of several routes that fit is taken")
{
    CHECK(hit("GET", "/events/stream").index == 5);
    CHECK(hit("GET", "/events/7").index == 6);
}

TEST_CASE("an id is a number: a path with a word in its place is unknown, whatever the method")
{
    const auto* const word = GENERATE("streams", "0", "-1", "7a", "%37x", "99999999999999999999");
    for (const auto* method : {"GET", "POST", "DELETE"})
        CHECK(std::holds_alternative<http::not_found>(look(method, std::string("/events/") + word)));
}

TEST_CASE("a path is decoded once, each segment by itself")
{
    const auto parameter = [](std::string_view target) { return hit("GET", target).parameters; };
    CHECK(parameter("/users/alice") == strings{"alice"});
    CHECK(parameter("/users/a%40b") == strings{"a@b"});
    CHECK(parameter("/users/a%4a%4A") == strings{"aJJ"});
    CHECK(parameter("/users/a%2Fb") == strings{"a/b"});
    CHECK(parameter("/users/a%252Fb") == strings{"a%2Fb"});
    CHECK(parameter("/users/a+b") == strings{"a+b"});
    CHECK(parameter("/users/%2e%2E") == strings{".."});
    CHECK(parameter("/users/%ff") == strings{"\xFF"});
    CHECK(parameter("/users/%20") == strings{" "});
    CHECK(hit("GET", "/%75sers/alice").index == 3);
}

TEST_CASE("a path that no route has is not found")
{
    for (const char* const target :
         {"/user", "/users/", "/users//", "//", "//users", "/users/a/", "/users/a/b", "/events", "/events/",
          "/events/7/again", "/events//again/8", "/Users", "/users%2Falice", "/users/../users", "/?users",
          "/nothing?a=%zz"})
    {
        CAPTURE(target);
        const bool is_root = std::string_view(target) == "/?users";
        CHECK(std::holds_alternative<http::not_found>(look("GET", target)) != is_root);
    }
}

TEST_CASE("a known path with another method says which it has")
{
    const auto allow = [](std::string_view method, std::string_view target) {
        CAPTURE(method, target);
        const auto result = look(method, target);
        REQUIRE(std::holds_alternative<http::method_not_allowed>(result));
        return std::get<http::method_not_allowed>(result).allow;
    };
    CHECK(allow("DELETE", "/users") == "GET, HEAD, POST");
    CHECK(allow("POST", "/users/alice") == "GET, HEAD, DELETE");
    CHECK(allow("GET", "/events/7/again/8") == "POST");
    CHECK(allow("HEAD", "/events/7/again/8") == "POST");
    CHECK(allow("POST", "/events/stream") == "GET, HEAD");
    CHECK(allow("get", "/") == "GET, HEAD");
}

TEST_CASE("a query is decoded once, and a plus in it is a space")
{
    using values = std::map<std::string, std::string>;
    const auto query = [](std::string_view target) { return hit("GET", target).query; };
    CHECK(query("/users").empty());
    CHECK(query("/users?").empty());
    CHECK(query("/users?limit=5&after=x") == values{{"limit", "5"}, {"after", "x"}});
    CHECK(query("/users?&a=1&&b=2&") == values{{"a", "1"}, {"b", "2"}});
    CHECK(query("/users?a+b=c+d%2B") == values{{"a b", "c d+"}});
    CHECK(query("/users?a") == values{{"a", ""}});
    CHECK(query("/users?a=b=c?/") == values{{"a", "b=c?/"}});
    CHECK(query("/users?a=%2541") == values{{"a", "%41"}});
    CHECK(query("/users?a%26b=1") == values{{"a&b", "1"}});
}

TEST_CASE("a malformed target is refused, not guessed at")
{
    using namespace std::string_view_literals;
    for (const auto target : {""sv,
                              "users"sv,
                              "*"sv,
                              "http://h/users"sv,
                              "/users/%"sv,
                              "/users/%4"sv,
                              "/users/%zz"sv,
                              "/users/%4g"sv,
                              "/users/%00"sv,
                              "/users/%0d%0a"sv,
                              "/users/%1F"sv,
                              "/users/%7f"sv,
                              "/users/\x01"sv,
                              "/users/a\0b"sv,
                              "/nothing/%"sv,
                              "/users?a=%"sv,
                              "/users?%zz=1"sv,
                              "/users?a=%00"sv,
                              "/users?a=%0A"sv,
                              "/users?a=\x7f"sv,
                              "/users?a=1&a=2"sv,
                              "/users?a=1&%61=1"sv,
                              "/users?a&a"sv,
                              "/users?a=% 41"sv})
    {
        CAPTURE(target);
        CHECK(std::holds_alternative<http::bad_target>(look("GET", target)));
    }
}
