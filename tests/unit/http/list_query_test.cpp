#include "common/http/list_query.hpp"
#include "tests/catch.hpp"

namespace {

http::request with_query(std::map<std::string, std::string> query)
{
    http::request request;
    request.query = std::move(query);
    return request;
}

} // namespace

TEST_CASE("a list without parameters has the defaults")
{
    const auto request = with_query({});
    http::list_query query{request};
    CHECK(query.limit() == 50);
    CHECK_FALSE(query.after());
    CHECK_FALSE(query.text("userId"));
    CHECK_FALSE(query.problem());
}

TEST_CASE("a limit from 1 to 500 is taken")
{
    const auto text = GENERATE(std::string("1"), std::string("500"));
    const auto request = with_query({{"limit", text}});
    http::list_query query{request};
    CHECK(query.limit() == std::stoul(text));
    CHECK_FALSE(query.problem());
}

TEST_CASE("any other limit is a problem that names the range")
{
    const auto text =
        GENERATE(std::string(""), "0", "501", "-1", "+1", "01", "1e2", "5.0", " 5", std::string(40, '9'));
    const auto request = with_query({{"limit", text}});
    http::list_query query{request};
    query.limit();
    CHECK(query.problem() == "limit must be a whole number from 1 to 500");
}

TEST_CASE("a cursor is the number that a page gave")
{
    const auto request = with_query({{"after", "42"}});
    http::list_query query{request};
    CHECK(query.after() == 42);
    const auto malformed = with_query({{"after", "4 2"}});
    http::list_query other{malformed};
    CHECK_FALSE(other.after());
    CHECK(other.problem());
}

TEST_CASE("an unknown parameter is a problem that names the known ones")
{
    const auto request = with_query({{"limitt", "5"}});
    http::list_query query{request};
    query.text("userId");
    query.limit();
    CHECK(query.problem() == "unknown query parameter; this list takes userId, limit");
}

TEST_CASE("a list that takes no parameters says so")
{
    const auto request = with_query({{"limit", "5"}});
    const http::list_query query{request};
    CHECK(query.problem() == "unknown query parameter; this list takes none");
}

TEST_CASE("an id is a decimal number from 1 in its one spelling")
{
    CHECK(http::parse_id("1") == 1);
    CHECK(http::parse_id("9223372036854775807") == 9'223'372'036'854'775'807);
    const auto* const text = GENERATE("", "0", "01", "-1", "+1", "1 ", "0x1", "9223372036854775808", "1a");
    CAPTURE(text);
    CHECK_FALSE(http::parse_id(text));
}
