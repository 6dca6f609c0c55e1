#include "common/http/serialize.hpp"

#include "tests/catch.hpp"

namespace {

constexpr std::string_view date = "Wed, 24 Dec 2025 12:34:56 GMT";

} // namespace

TEST_CASE("a response is one piece of text with its length, its type and the date")
{
    std::string out = "left over";
    REQUIRE(http::serialize(out, http::json(200, "{}"), {false, false, date}));
    CHECK(out ==
          "HTTP/1.1 200 OK\r\nDate: Wed, 24 Dec 2025 12:34:56 GMT\r\nContent-Type: application/json\r\n"
          "Content-Length: 2\r\n\r\n{}");
}

TEST_CASE("a 204 has neither length nor type")
{
    std::string out;
    REQUIRE(http::serialize(out, http::empty(204), {false, true, date}));
    CHECK(out ==
          "HTTP/1.1 204 No Content\r\nDate: Wed, 24 Dec 2025 12:34:56 GMT\r\nConnection: close\r\n\r\n");
}

TEST_CASE("the answer to HEAD says what GET would have, without the body")
{
    std::string out;
    REQUIRE(http::serialize(out, http::json(200, "[1,2]"), {true, false, date}));
    CHECK(out.find("Content-Length: 5\r\n") != std::string::npos);
    CHECK(out.find("Content-Type: application/json\r\n") != std::string::npos);
    CHECK(out.ends_with("\r\n\r\n"));
}

TEST_CASE("what would break the framing of a response is not written")
{
    using namespace std::string_literals;
    std::string out;
    const auto refuses = [&out](http::header field) {
        auto answer = http::json(200, "{}");
        answer.headers.push_back(std::move(field));
        return !http::serialize(out, answer, {false, false, date}) && out.empty();
    };
    CHECK_FALSE(refuses({"X-Good", "a\tb \xC3\xA4"}));
    for (const auto& value : {"a\r\nSet-Cookie: b"s, "a\nb"s, "a\rb"s, "a\0b"s, "\x7F"s})
        CHECK(refuses({"X-Bad", value}));
    for (const auto& name : {""s, "a b"s, "a:"s, "a\r\nb"s, "a\0"s, "content-length"s, "Transfer-Encoding"s,
                             "DATE"s, "Connection"s, "content-type"s})
        CHECK(refuses({name, "x"}));

    auto answer = http::json(200, "{}");
    answer.content_type = "a/b\r\nX: y";
    CHECK_FALSE(http::serialize(out, answer, {false, false, date}));
    for (const unsigned status : {0U, 100U, 199U, 600U})
        CHECK_FALSE(http::serialize(out, http::empty(status), {false, false, date}));
}

TEST_CASE("the date is written as HTTP wants it, and follows the clock both ways")
{
    using namespace std::chrono_literals;
    const runtime::instant at{1'766'579'696'789ms};
    http::date_line line;
    CHECK(line.at(at) == date);
    CHECK(line.at(at + 210ms) == date);
    CHECK(line.at(at + 211ms) == "Wed, 24 Dec 2025 12:34:57 GMT");
    CHECK(line.at(at - 24h) == "Tue, 23 Dec 2025 12:34:56 GMT");
    CHECK(line.at(runtime::instant{0ms}) == "Thu, 01 Jan 1970 00:00:00 GMT");
}
