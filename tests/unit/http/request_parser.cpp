#include "common/http/request_parser.hpp"

#include "tests/catch.hpp"
#include "tests/support/framing_vectors.hpp"

#include <algorithm>
#include <random>
#include <tuple>

namespace {

constexpr http::request_limits limits{1'024, 64};

// What a stream of bytes led to: the requests in it, and the refusal that ended it.
struct reading
{
    std::vector<std::tuple<std::string, std::string, std::string>> requests; // method, target, body
    unsigned refused = 0;
    std::string detail;
    std::size_t left = 0;

    bool operator==(const reading& other) const
    {
        return requests == other.requests && refused == other.refused;
    }
};

// Feeds `bytes` in pieces of sizes that `piece` draws, as a socket would bring them.
template <class Piece>
reading read(std::string_view bytes, Piece piece)
{
    http::request_parser parser{limits};
    reading result;
    std::string held;
    while (!parser.refused()) {
        const auto used = parser.feed(held);
        held.erase(0, used);
        if (parser.complete()) {
            const auto& message = parser.message();
            result.requests.emplace_back(message.method, parser.target(), message.body);
            parser.next();
            continue;
        }
        if (parser.refused() || bytes.empty())
            break;
        const auto count = std::min<std::size_t>(piece(), bytes.size());
        held.append(bytes.substr(0, count));
        bytes.remove_prefix(count);
    }
    if (parser.refused()) {
        result.refused = parser.refused()->status;
        result.detail = parser.refused()->detail;
    }
    result.left = held.size();
    return result;
}

reading read_whole(std::string_view bytes)
{
    return read(bytes, [&bytes] { return bytes.size(); });
}

reading read_by_bytes(std::string_view bytes)
{
    return read(bytes, [] { return 1; });
}

std::string chunked(std::string_view body)
{
    return "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + std::string(body);
}

std::string sized(std::size_t length, std::string_view body)
{
    return "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(length) + "\r\n\r\n" +
           std::string(body);
}

} // namespace

TEST_CASE("pipelined requests are read one after another, however they are cut")
{
    const auto bytes = sized(5, "hello") + "GET /a?b HTTP/1.1\r\nHost: h\r\n\r\n" + chunked("0\r\n\r\n") +
                       chunked("3\r\nabc\r\n0A\r\n0123456789\r\n000\r\n\r\n") + "\r\n" + sized(0, "");
    const auto expected = read_whole(bytes);
    CAPTURE(expected.detail);
    REQUIRE(expected.requests.size() == 5);
    CHECK(expected.requests[0] == std::make_tuple("POST", "/echo", "hello"));
    CHECK(expected.requests[1] == std::make_tuple("GET", "/a?b", ""));
    CHECK(expected.requests[2] == std::make_tuple("POST", "/echo", ""));
    CHECK(expected.requests[3] == std::make_tuple("POST", "/echo", "abc0123456789"));
    CHECK(expected.left == 0);
    CHECK(read_by_bytes(bytes) == expected);
    for (unsigned seed = 0; seed < 100; ++seed) {
        std::mt19937 random{seed};
        CAPTURE(seed);
        CHECK(read(bytes, [&random] { return random() % 40 + 1; }) == expected);
    }
}

TEST_CASE("a malformed chunked body is refused with 400, however it is cut")
{
    for (const auto& body : vectors::refused_chunks()) {
        CAPTURE(body);
        const auto whole = read_whole(chunked(body));
        CHECK(whole.requests.empty());
        CHECK(whole.refused == 400);
        CHECK(read_by_bytes(chunked(body)) == whole);
    }
}

TEST_CASE("a malformed head is refused with 400 byte by byte as at once")
{
    for (const auto& head : vectors::refused_heads()) {
        if (head.size() > limits.header_bytes_max)
            continue;
        CAPTURE(head);
        CHECK(read_by_bytes(head).refused == 400);
        CHECK(read_whole(head).refused == 400);
    }
}

TEST_CASE("a body may have exactly the bytes that are allowed, and not one more")
{
    const std::string most(64, 'x');
    CHECK(read_whole(sized(64, most)).requests.size() == 1);
    CHECK(read_whole(
              chunked("20\r\n" + most.substr(0, 32) + "\r\n20\r\n" + most.substr(0, 32) + "\r\n0\r\n\r\n"))
              .requests.size() == 1);
    CHECK(read_whole(sized(65, "")).refused == 413);
    CHECK(read_whole(sized(999'999'999'999'999'999, "")).refused == 413);
    CHECK(read_whole(chunked("41\r\nx")).refused == 413);
    CHECK(read_whole(chunked("40\r\n" + most + "\r\n1\r\n")).refused == 413);
    CHECK(read_whole(chunked("ffffffffffffffff\r\n")).refused == 413);
}

TEST_CASE("a head may have exactly the bytes that are allowed, and not one more")
{
    const std::string start = "GET / HTTP/1.1\r\nHost: h\r\nX: ";
    const auto sized_head = [&](std::size_t size) {
        return start + std::string(size - start.size() - 4, 'a') + "\r\n\r\n";
    };
    CHECK(read_whole(sized_head(1'024)).requests.size() == 1);
    CHECK(read_by_bytes(sized_head(1'024)).requests.size() == 1);
    CHECK(read_whole(sized_head(1'025)).refused == 431);
    CHECK(read_by_bytes(sized_head(1'025)).refused == 431);
    CHECK(read_whole(start + std::string(2'000, 'a')).refused == 431);
}

TEST_CASE("a request keeps its head and headers as they came, in their order")
{
    const std::string head = "PUT /a%2Fb?c=d HTTP/1.1\r\nX-One: 1\r\nHost: h\r\nx-ONE:  2 \r\n\r\n";
    http::request_parser parser{limits};
    CHECK(parser.feed(head) == head.size());
    REQUIRE(parser.complete());
    const auto& message = parser.message();
    CHECK(message.head == head);
    CHECK(message.path == "/a%2Fb");
    CHECK(parser.target() == "/a%2Fb?c=d");
    REQUIRE(message.headers.size() == 3);
    CHECK(message.headers[0].name == "X-One");
    CHECK(message.headers[1].name == "Host");
    CHECK(message.values("X-One") == std::vector<std::string_view>{"1", "2"});
}

TEST_CASE("nothing of a request is left in the next one")
{
    http::request_parser parser{limits};
    parser.feed(sized(2, "ab"));
    REQUIRE(parser.complete());
    parser.message().path_parameters.emplace_back("p");
    parser.message().query.emplace("q", "r");
    parser.next();
    CHECK_FALSE(parser.complete());
    CHECK(parser.message().method.empty());
    parser.feed("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    REQUIRE(parser.complete());
    CHECK(parser.message().body.empty());
    CHECK(parser.message().headers.size() == 1);
    CHECK(parser.message().path_parameters.empty());
    CHECK(parser.message().query.empty());
}

TEST_CASE("whether another request may follow is the request's to say, and never HTTP/1.0's")
{
    const auto keeps = [](const std::string& head) {
        http::request_parser parser{limits};
        parser.feed(head);
        REQUIRE(parser.complete());
        return parser.keep_alive();
    };
    CHECK(keeps("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
    CHECK(keeps("GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\r\n"));
    CHECK_FALSE(keeps("GET / HTTP/1.1\r\nHost: h\r\nConnection: x, Close\r\n\r\n"));
    CHECK_FALSE(keeps("GET / HTTP/1.0\r\n\r\n"));
    CHECK_FALSE(keeps("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
}

TEST_CASE("100 Continue is wanted once, before a body, of HTTP/1.1 alone")
{
    const auto head = [](std::string_view version, std::string_view length) {
        return "POST /echo HTTP/" + std::string(version) +
               "\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: " + std::string(length) + "\r\n\r\n";
    };
    http::request_parser parser{limits};
    CHECK_FALSE(parser.take_expectation());
    parser.feed(head("1.1", "2"));
    CHECK(parser.in_body());
    CHECK(parser.take_expectation());
    CHECK_FALSE(parser.take_expectation());

    http::request_parser bodiless{limits};
    bodiless.feed(head("1.1", "0"));
    CHECK(bodiless.complete());
    CHECK_FALSE(bodiless.take_expectation());

    http::request_parser old{limits};
    old.feed(head("1.0", "2"));
    CHECK(old.in_body());
    CHECK_FALSE(old.take_expectation());
}

TEST_CASE(
    "random bytes, and good requests with a random byte changed, are read the same however they are cut")
{
    const auto good = sized(5, "hello") + chunked("3\r\nabc\r\n0\r\n\r\n");
    for (unsigned seed = 0; seed < 2'000; ++seed) {
        std::mt19937 random{seed};
        std::string bytes = good;
        if (seed % 4 == 0)
            std::generate(bytes.begin(), bytes.end(), [&random] { return static_cast<char>(random()); });
        else
            bytes[random() % bytes.size()] = static_cast<char>(random());
        CAPTURE(seed, bytes);
        const auto whole = read_whole(bytes);
        CHECK(whole.requests.size() <= 2);
        CHECK(read_by_bytes(bytes) == whole);
        CHECK(read(bytes, [&random] { return random() % 9 + 1; }) == whole);
    }
}
