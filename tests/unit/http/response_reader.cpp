#include "common/http/response_reader.hpp"

#include "common/http/transport.hpp"
#include "tests/catch.hpp"

namespace {

using progress = http::response_reader::progress;

const std::string whole = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

std::string repeated(std::string_view text, std::size_t times)
{
    std::string all;
    for (std::size_t i = 0; i < times; ++i)
        all += text;
    return all;
}

} // namespace

TEST_CASE("a response is read alike at once and byte by byte")
{
    const auto step = GENERATE(std::size_t{1}, std::size_t{2}, std::size_t{7}, std::size_t{10'000});
    const auto text = GENERATE_COPY(
        as<std::string>{}, whole,
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n" + whole,
        "HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n1\r\nh\r\n1;x=y\r\ni\r\n0\r\nT: t\r\n\r\n");
    http::response_reader reader;
    CHECK_FALSE(reader.heard());
    for (std::size_t at = 0; at < text.size(); at += step) {
        CHECK(reader.state() != progress::finished);
        reader.feed(std::string_view(text).substr(at, step));
        CHECK(reader.heard());
    }
    REQUIRE(reader.state() == progress::finished);
    CHECK(reader.status() == 200);
    CHECK(reader.body() == "hi");
    CHECK(reader.leaves_connection_reusable());
}

TEST_CASE("every status from 200 to 599 is an answer, with an empty reason phrase too")
{
    const auto status = GENERATE(200U, 204U, 301U, 304U, 404U, 410U, 429U, 503U, 599U);
    http::response_reader reader;
    const auto state = reader.feed("HTTP/1.1 " + std::to_string(status) +
                                   " \r\nContent-Length: 0\r\nRetry-After: 7\r\n\r\n");
    CHECK(state == progress::finished);
    CHECK(reader.status() == status);
    CHECK(reader.retry_after() == std::optional<std::string>("7"));
    CHECK(reader.leaves_connection_reusable());
}

TEST_CASE("the connection takes no other request when the response's end is in doubt, or says so")
{
    const auto* const text =
        GENERATE("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi",
                 "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi",
                 "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi!", "HTTP/1.1 204 No Content\r\n\r\nhi",
                 "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                 "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
    CAPTURE(text);
    http::response_reader reader;
    REQUIRE(reader.feed(text) == progress::finished);
    CHECK_FALSE(reader.leaves_connection_reusable());
}

TEST_CASE("an HTTP/1.0 response that says keep-alive leaves the connection reusable")
{
    http::response_reader reader;
    CHECK(reader.feed("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nhi") ==
          progress::finished);
    CHECK(reader.leaves_connection_reusable());
}

TEST_CASE("a body without a length goes on until it is cut, and never leaves the connection reusable")
{
    http::response_reader reader;
    CHECK(reader.feed("HTTP/1.1 200 OK\r\n\r\nhi") == progress::body);
    CHECK(reader.body() == "hi");
    CHECK_FALSE(reader.leaves_connection_reusable());
}

TEST_CASE("a body is read to 16 KiB and kept to 1 KiB")
{
    const auto size =
        GENERATE(as<std::size_t>{}, http::response_read_bytes_max, http::response_read_bytes_max + 1);
    http::response_reader reader;
    reader.feed("HTTP/1.1 500 No\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n");
    CHECK(reader.feed(std::string(http::response_read_bytes_max - 1, 'x')) == progress::body);
    CHECK(reader.feed("x") == progress::finished);
    CHECK(reader.status() == 500);
    CHECK(reader.body() == std::string(http::response_kept_bytes_max, 'x'));
    CHECK(reader.leaves_connection_reusable() == (size == http::response_read_bytes_max));
}

TEST_CASE("a declared length beyond all memory is an answer like any other")
{
    http::response_reader reader;
    CHECK(reader.feed("HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551615\r\n\r\nhi") == progress::body);
    CHECK(reader.body() == "hi");
}

TEST_CASE("chunks that carry next to nothing do not make the read longer than 16 KiB")
{
    http::response_reader reader;
    reader.feed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    CHECK(reader.feed("1;" + std::string(http::response_read_bytes_max, 'x')) == progress::finished);
    CHECK_FALSE(reader.leaves_connection_reusable());
}

TEST_CASE("an encoded body is passed on as it came, not inflated")
{
    http::response_reader reader;
    reader.feed("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\x1f\x8b\x08");
    CHECK(reader.body() == "\x1f\x8b\x08");
}

TEST_CASE("a Retry-After longer than any real one is left out")
{
    http::response_reader reader;
    reader.feed("HTTP/1.1 503 No\r\nRetry-After: " + std::string(65, '1') + "\r\n\r\n");
    CHECK_FALSE(reader.retry_after().has_value());
}

TEST_CASE("what is not HTTP/1.x is malformed as soon as it shows")
{
    const auto* const text = GENERATE(
        "220 smtp ready\r\n", "SSH-2.0-x", "\x15\x03\x01", "\r\nHTTP/1.1 200 OK\r\n", "HTTP/2 200\r\n\r\n",
        "HTTP/1.1 abc OK\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 099 OK\r\n\r\n", "HTTP/1.1 101 Switching Protocols\r\n\r\n");
    CAPTURE(text);
    http::response_reader reader;
    CHECK(reader.feed(text) == progress::malformed);
    CHECK_FALSE(reader.problem().empty());
    CHECK(reader.feed(whole) == progress::malformed);
}

TEST_CASE("a head over 16 KiB is malformed, whether in one header or in many")
{
    const auto line = GENERATE(std::string("X-A: b\r\n"), "X-A: " + std::string(100'000, 'x'));
    http::response_reader reader;
    auto state = reader.feed("HTTP/1.1 200 OK\r\n");
    std::size_t sent = 0;
    for (; state == progress::head && sent < 200'000; sent += line.size())
        state = reader.feed(line);
    CHECK(state == progress::malformed);
    CHECK(reader.problem().find("16 KiB") != std::string::npos);
    CHECK(sent <= http::response_head_bytes_max + line.size());
}

TEST_CASE("eight informational responses are passed over and the ninth is one too many")
{
    const std::string informational = "HTTP/1.1 103 Early Hints\r\n\r\n";
    http::response_reader patient;
    CHECK(patient.feed(repeated(informational, 8) + whole) == progress::finished);
    CHECK(patient.status() == 200);
    http::response_reader flooded;
    CHECK(flooded.feed(repeated(informational, 8)) == progress::head);
    CHECK(flooded.feed(informational) == progress::malformed);
}

TEST_CASE("an empty chunked body that comes byte by byte is read to its end")
{
    const std::string text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    http::response_reader reader;
    auto state = progress::head;
    for (const char c : text)
        state = reader.feed({&c, 1});
    CHECK(state == progress::finished);
    CHECK(reader.status() == 200);
    CHECK(reader.body().empty());
}
