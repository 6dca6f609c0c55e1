#include "sender-service/operator_requests.hpp"
#include "tests/catch.hpp"

#include <string>

TEST_CASE("a filter for the dead names their status, and their origin and user if it has to")
{
    const auto all = sender::read_dead_filter(R"({"status":"dead"})");
    REQUIRE(all.has_value());
    CHECK_FALSE(all->origin);
    CHECK_FALSE(all->user_id);
    const auto some = sender::read_dead_filter(
        R"( { "userId" : "a@b.c" , "origin":"HTTP://App.Test:80", "status":"dead" } )");
    REQUIRE(some.has_value());
    CHECK(some->origin == "http://app.test");
    CHECK(some->user_id == "a@b.c");
    CHECK(sender::read_dead_filter(R"({"status":"dead","origin":"https://app.test:8443"})")->origin ==
          "https://app.test:8443");
    CHECK(sender::read_dead_filter(R"({"status":"dead","origin":"http://[::1]:80"})").has_value());
}

TEST_CASE("a filter that could mean more than was meant is refused")
{
    const auto* const body = GENERATE(
        "", "null", "[]", "{}", "{", R"("dead")", R"({"status":"dead"} {})", R"({"status":null})",
        R"({"status":"pending"})", R"({"status":"delivered"})", R"({"status":"Dead"})",
        R"({"status":["dead"]})", R"({"status":4})", R"({"Status":"dead"})",
        R"({"origin":"http://app.test"})", R"({"userId":"alice"})", R"({"status":"dead","status":"dead"})",
        R"({"status":"dead","user":"alice"})", R"({"status":"dead","userid":"alice"})",
        R"({"status":"dead","limit":5})", R"({"status":"dead","origin":null})",
        R"({"status":"dead","origin":""})", R"({"status":"dead","origin":"app.test"})",
        R"({"status":"dead","origin":"http://app.test/"})",
        R"({"status":"dead","origin":"http://app.test/hook"})",
        R"({"status":"dead","origin":"ftp://app.test"})", R"({"status":"dead","origin":"http://a@app.test"})",
        R"({"status":"dead","origin":"http://app.test:0"})",
        R"({"status":"dead","origin":["http://app.test"]})", R"({"status":"dead","userId":null})",
        R"({"status":"dead","userId":""})", R"({"status":"dead","userId":"a/b"})",
        R"({"status":"dead","userId":".."})", R"({"status":"dead","userId":5})");
    INFO(body);
    const auto read = sender::read_dead_filter(body);
    REQUIRE(read.has_error());
    CHECK_FALSE(read.error().detail.empty());
}

TEST_CASE("an origin to pause is read as origins are written")
{
    CHECK(*sender::read_origin(R"({"origin":"http://app.test"})") == "http://app.test");
    CHECK(*sender::read_origin(R"({"origin":"HTTPS://APP.TEST:443"})") == "https://app.test");
    CHECK(*sender::read_origin(R"({"origin":"http://127.0.0.1:9001"})") == "http://127.0.0.1:9001");
}

TEST_CASE("a body without just one origin is refused")
{
    const auto* const body =
        GENERATE("", "{}", "[]", "null", "\"http://app.test\"", R"({"origin":null})", R"({"origin":5})",
                 R"({"origin":""})", R"({"origin":"app.test"})", R"({"origin":"http://app.test/"})",
                 R"({"origin":"http://app.test/x"})", R"({"origin":"http://app.test?x"})",
                 R"({"origin":"http://a.test","origin":"http://a.test"})",
                 R"({"origin":"http://app.test","paused":true})", R"({"Origin":"http://app.test"})",
                 R"({"origin":"http://app.test"}x)", R"({"origin":["http://app.test"]})");
    INFO(body);
    CHECK(sender::read_origin(body).has_error());
}

TEST_CASE("neither body may be deep, however large it is")
{
    const std::string deep(40, '[');
    CHECK(sender::read_dead_filter(R"({"status":"dead","x":)" + deep).has_error());
    CHECK(sender::read_origin(R"({"x":)" + deep).has_error());
}
