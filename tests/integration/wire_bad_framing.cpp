// What is not plain HTTP/1.1 is refused before anything acts on it, and the connection closed.
#include "tests/catch.hpp"
#include "tests/integration/support/api.hpp"
#include "tests/integration/support/signing.hpp"
#include "tests/integration/support/wire.hpp"

#include <random>

using namespace integration;

namespace {

constexpr auto close_wait = std::chrono::seconds(10);

enum class body_form { plain, chunked, chunked_with_trailer };

// How a rightly signed request for the webhook path is framed.
struct frame
{
    const char* what;
    std::string version; // the end of the request line
    std::string fields;  // besides the signature; each # is the length of the body
    body_form form;
};

std::string framed(const frame& how, const sample_event& event)
{
    const auto length = std::to_string(event.body.size());
    auto fields = how.fields;
    for (auto at = fields.find('#'); at != std::string::npos; at = fields.find('#'))
        fields.replace(at, 1, length);
    std::string bytes = "POST " + std::string(webhook_path) + how.version + "\r\n";
    for (const auto& field : signature_headers(wire().secret, event.key, event.body))
        bytes += field.name + ": " + field.value + "\r\n";
    bytes += fields + "\r\n";
    if (how.form == body_form::plain)
        return bytes + event.body;
    std::string size;
    for (auto left = event.body.size(); left != 0; left /= 16)
        size.insert(size.begin(), "0123456789abcdef"[left % 16]);
    bytes += size + "\r\n" + event.body + "\r\n0\r\n";
    return bytes + (how.form == body_form::chunked_with_trailer ? "X-Trailer: a\r\n\r\n" : "\r\n");
}

const std::string http = " HTTP/1.1";
const std::string host = "Host: a\r\n";
const std::string length = "Content-Length: #\r\n";
const std::string chunked = "Transfer-Encoding: chunked\r\n";

std::vector<frame> bad_codings()
{
    constexpr auto form = body_form::chunked;
    return {
        {"length, then chunked", http, host + length + chunked, form},
        {"chunked, then length", http, host + chunked + length, form},
        {"gzip, chunked", http, host + "Transfer-Encoding: gzip, chunked\r\n", form},
        {"chunked, gzip", http, host + "Transfer-Encoding: chunked, gzip\r\n", form},
        {"chunked twice in one", http, host + "Transfer-Encoding: chunked, chunked\r\n", form},
        {"chunked twice in two", http, host + chunked + chunked, form},
        {"chunked with a tail", http, host + "Transfer-Encoding: chunked;a=b\r\n", form},
        {"identity", http, host + "Transfer-Encoding: identity\r\n", form},
        {"chunked on HTTP/1.0", " HTTP/1.0", host + chunked, form},
        {"a trailer", http, host + chunked, body_form::chunked_with_trailer},
    };
}

std::vector<frame> bad_heads()
{
    constexpr auto form = body_form::plain;
    return {
        {"two lengths", http, host + length + length, form},
        {"two lengths that differ", http, host + length + "Content-Length: 0\r\n", form},
        {"a negative length", http, host + "Content-Length: -#\r\n", form},
        {"a length with a sign", http, host + "Content-Length: +#\r\n", form},
        {"a list of lengths", http, host + "Content-Length: #, #\r\n", form},
        {"a hexadecimal length", http, host + "Content-Length: 0x#\r\n", form},
        {"a folded header", http, host + length + "X-Folded: a\r\n b\r\n", form},
        {"no Host", http, length, form},
        {"two Hosts", http, host + host + length, form},
        {"two content types", http, host + length + "Content-Type: text/plain\r\n", form},
        {"a space before the colon", http, host + length + "X-Space : a\r\n", form},
        {"a header without a colon", http, host + length + "nonsense\r\n", form},
        {"a header without a name", http, host + length + ": nonsense\r\n", form},
        {"a bare line feed", http, host + length + "X-Bare: a\nX-Other: b\r\n", form},
        {"a NUL in a header", http, host + length + std::string("X-Nul: a\0b\r\n", 12), form},
        {"HTTP/1.2", " HTTP/1.2", host + length, form},
        {"HTTP/2.0", " HTTP/2.0", host + length, form},
        {"no version", "", host + length, form},
        {"a lower-case version", " http/1.1", host + length, form},
        {"two spaces in the request line", "  HTTP/1.1", host + length, form},
    };
}

// What answers to `bytes` on a connection of their own, if anything does; closed by the service in any case.
std::optional<reply> refused_bytes(const origin& peer, const std::string& bytes)
{
    connection link(peer);
    link.write(bytes);
    link.half_close(); // whatever came will get no longer
    auto answer = link.read();
    CHECK(link.ends_within(close_wait));
    return answer;
}

} // namespace

TEST_CASE("a signed event in a frame that is not plain HTTP/1.1 is refused and its connection closed",
          "[wire]")
{
    auto frames = bad_codings();
    for (auto& each : bad_heads())
        frames.push_back(std::move(each));
    for (const auto& how : frames) {
        const auto event = make_event(unique("frame"));
        connection link(wire().receiver);
        link.write(framed(how, event));
        const auto answer = link.read();
        INFO(how.what);
        REQUIRE(answer.has_value());
        INFO(shown(*answer));
        CHECK(is_problem(*answer, 400));
        CHECK(answer->value("connection") == "close");
        CHECK(link.ends_within(close_wait));
        CHECK(receiver_api::events(wire().receiver, event.user).empty());
    }
}

TEST_CASE("the frames that those are made from are accepted when nothing is wrong with them", "[wire]")
{
    const frame plain{"plain", http, host + length, body_form::plain};
    const frame in_chunks{"chunked", http, host + chunked, body_form::chunked};
    CHECK(ask_raw(wire().receiver, framed(plain, make_event(unique("plain")))).value().status == 200);
    CHECK(ask_raw(wire().receiver, framed(in_chunks, make_event(unique("plain")))).value().status == 200);
}

TEST_CASE("a request smuggled behind a refused one is not acted upon", "[wire]")
{
    const auto user = unique("smuggled");
    const auto inner = request_bytes(wire().sender, "POST", "/ticketmaster/start/" + user);
    auto outer = "POST /ticketmaster/start/" + user +
                 "-outer HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(inner.size() + 5) +
                 "\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + inner;
    const auto answer = refused_bytes(wire().sender, outer);
    REQUIRE(answer.has_value());
    CHECK(is_problem(*answer, 400));
    CHECK(get(wire().sender, "/ticketmaster/status/" + user).status == 404);
    CHECK(get(wire().sender, "/ticketmaster/status/" + user + "-outer").status == 404);
}

TEST_CASE("other protocols are refused", "[wire]")
{
    const auto bytes = GENERATE(as<std::string>{}, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET /livez\r\n\r\n",
                                "\x16\x03\x01\x02\x01\x01\x01\xFC\x03\x03", "SSH-2.0-OpenSSH_9.2\r\n",
                                "GET http://elsewhere/ HTTP/1.1\r\nHost: elsewhere\r\n\r\n",
                                "CONNECT elsewhere:443 HTTP/1.1\r\nHost: elsewhere:443\r\n\r\n",
                                "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto answer = refused_bytes(wire().receiver, bytes);
    REQUIRE(answer.has_value());
    INFO(bytes << shown(*answer));
    CHECK(is_problem(*answer, 400));
}

TEST_CASE("headers over the limit are refused with 431", "[wire]")
{
    const auto user = unique("headers");
    connection link(wire().sender);
    link.write(request_bytes(wire().sender, "POST", "/ticketmaster/start/" + user,
                             {{"X-Large", std::string(100'000, 'x')}}));
    const auto answer = link.read();
    REQUIRE(answer.has_value());
    CHECK(is_problem(*answer, 431));
    CHECK(get(wire().sender, "/ticketmaster/status/" + user).status == 404);
}

TEST_CASE("a body over the limit is refused with 413, whichever way its length is told", "[wire]")
{
    const auto user = unique("bodies");
    const std::string body = R"({"callbackUrl":")" + wire().callback_url + R"(","padding":")" +
                             std::string(1'000'000, 'x') + R"("})";
    const auto target = "/ticketmaster/register/" + user;
    const auto plain = post_json(wire().sender, target, body);
    CHECK(is_problem(plain, 413));
    std::string chunked = "POST " + target + " HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n" +
                          "Transfer-Encoding: chunked\r\n\r\n";
    for (std::size_t at = 0; at < body.size(); at += 0x8000) {
        const auto part = body.substr(at, 0x8000);
        chunked += (part.size() == 0x8000 ? "8000" : "1") + std::string("\r\n");
        chunked += part.size() == 0x8000 ? part + "\r\n" : "x\r\n";
    }
    const auto answer = ask_raw(wire().sender, chunked + "0\r\n\r\n");
    REQUIRE(answer.has_value());
    CHECK(is_problem(*answer, 413));
    CHECK(get(wire().sender, "/ticketmaster/status/" + user).status == 404);
}

TEST_CASE("a request that is whole before the client's half closes is answered", "[wire]")
{
    connection link(wire().sender);
    link.write(request_bytes(wire().sender, "GET", "/livez"));
    link.half_close();
    const auto answer = link.read();
    REQUIRE(answer.has_value());
    CHECK(answer->status == 200);
    CHECK(link.ends_within(close_wait));
}

TEST_CASE("a request that the client's half close cuts short changes nothing", "[wire]")
{
    const auto event = make_event(unique("cut"));
    const auto whole = webhook_request(wire().receiver, event, wire().secret);
    const auto head = whole.size() - event.body.size();
    for (const auto length : {std::size_t{1}, head / 2, head - 1, head, head + 1, whole.size() - 1}) {
        const auto answer = refused_bytes(wire().receiver, whole.substr(0, length));
        INFO(length << " of " << whole.size());
        CHECK((!answer || is_problem(*answer, 400)));
        CHECK(receiver_api::events(wire().receiver, event.user).empty());
    }
}

TEST_CASE("200 random byte strings are refused and disturb nobody", "[wire]")
{
    std::mt19937 random(20'251'224); // the same strings on every run
    const auto before = get(wire().receiver, "/user-app/events?limit=1").body;
    for (int count = 0; count < 200; ++count) {
        std::string bytes(1 + random() % 2'000, '\0');
        for (auto& byte : bytes)
            byte = static_cast<char>(random());
        if (count % 4 == 0) // some of them begin like a request
            bytes.insert(0, "POST " + std::string(webhook_path) + " HTTP/1.1\r\n");
        const auto answer = refused_bytes(count % 2 == 0 ? wire().receiver : wire().sender, bytes);
        INFO("string " << count);
        CHECK((!answer || (answer->status >= 400 && answer->status < 500)));
    }
    CHECK(get(wire().sender, "/readyz").status == 200);
    CHECK(get(wire().receiver, "/user-app/events?limit=1").body == before);
}
