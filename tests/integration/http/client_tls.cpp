#include "tests/catch.hpp"
#include "tests/integration/http/client_authority.hpp"
#include "tests/integration/http/client_fixture.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

using namespace client_test;
using namespace std::chrono_literals;
using http::exchange_result;

namespace {

constexpr auto as_result = asio::as_tuple(asio::deferred);

// What a TLS server is set up with, and what it saw.
struct tls_side
{
    explicit tls_side(const identity& shown) : context(asio::ssl::context::tls_server)
    {
        context.use_certificate_chain(asio::buffer(shown.certificate));
        context.use_private_key(asio::buffer(shown.key), asio::ssl::context::pem);
    }

    asio::ssl::context context;
    std::vector<std::string> names; // asked for with SNI; empty without
    unsigned handshakes = 0;
    unsigned requests_each = 100; // answered on a connection before it closes
};

asio::awaitable<void> serve_tls(std::shared_ptr<tls_side> side, tcp::socket& peer)
{
    asio::ssl::stream<tcp::socket&> stream(peer, side->context);
    const auto [failed] = co_await stream.async_handshake(asio::ssl::stream_base::server, as_result);
    if (failed)
        co_return;
    ++side->handshakes;
    const auto* const name = SSL_get_servername(stream.native_handle(), TLSEXT_NAMETYPE_host_name);
    side->names.emplace_back(name == nullptr ? "" : name);
    for (unsigned i = 0; i < side->requests_each; ++i) {
        std::string text;
        const auto [error, size] =
            co_await asio::async_read_until(stream, asio::dynamic_buffer(text), "{\"a\":1}", as_result);
        if (error)
            co_return;
        const auto [cut, written] = co_await asio::async_write(stream, asio::buffer(ok), as_result);
        if (cut)
            co_return;
    }
}

script tls_script(const std::shared_ptr<tls_side>& side)
{
    return [side](raw_server&, tcp::socket& peer, unsigned) { return serve_tls(side, peer); };
}

http::client_options trusting(const test_authority& authority)
{
    auto options = loopback_options();
    options.ca_file = authority.file();
    options.names.look_up = [](const std::string&) { return name_list::addresses({"127.0.0.1"}); };
    return options;
}

} // namespace

TEST_CASE("https to a host whose certificate an authority of ours signed is answered, with SNI, and kept")
{
    const test_authority authority;
    const auto side = std::make_shared<tls_side>(authority.issue("DNS:name.test"));
    client_fixture test(trusting(authority));
    auto& server = test.serve(tls_script(side));
    CHECK(test.post(server.url("name.test", "https")).body == "done");
    CHECK(test.post(server.url("Name.test", "https")).body == "done");
    CHECK(side->names == std::vector<std::string>{"name.test"});
    CHECK(server.connections == 1);
}

TEST_CASE("https to an address literal verifies the address and sends no SNI")
{
    const test_authority authority;
    const auto side = std::make_shared<tls_side>(authority.issue("IP:127.0.0.1"));
    client_fixture test(trusting(authority));
    auto& server = test.serve(tls_script(side));
    CHECK(test.post(server.url("127.0.0.1", "https")).status == 200);
    CHECK(side->names == std::vector<std::string>{""});
    const auto seen = test.post(server.url("name.test", "https"));
    CHECK(seen.result == exchange_result::tls);
}

TEST_CASE("a certificate that does not hold is a tls failure that says why, and nothing is sent")
{
    const test_authority authority;
    const test_authority unknown("another authority");
    struct row
    {
        identity shown;
        std::string_view reason;
    };
    const std::vector<row> rows{{authority.issue("DNS:other.test"), "hostname mismatch"},
                                {authority.issue("IP:127.0.0.1"), "hostname mismatch"},
                                {authority.issue("DNS:name.test", -60), "expired"},
                                {unknown.issue("DNS:name.test"), "issuer certificate"},
                                {test_authority::self_signed("DNS:name.test"), "self-signed"}};
    client_fixture test(trusting(authority));
    for (const auto& wrong : rows) {
        const auto side = std::make_shared<tls_side>(wrong.shown);
        auto& server = test.serve(tls_script(side));
        const auto seen = test.post(server.url("name.test", "https"));
        CHECK(seen.result == exchange_result::tls);
        CAPTURE(seen.error, wrong.reason);
        CHECK(seen.error.find(wrong.reason) != std::string::npos);
        CHECK(side->handshakes == 0);
    }
}

TEST_CASE("without the authority's file its certificates are not trusted")
{
    const test_authority authority;
    const auto side = std::make_shared<tls_side>(authority.issue("IP:127.0.0.1"));
    client_fixture test;
    auto& server = test.serve(tls_script(side));
    CHECK(test.post(server.url("127.0.0.1", "https")).result == exchange_result::tls);
}

TEST_CASE("a server that speaks plain HTTP, hangs up, or only TLS 1.1 is a tls failure")
{
    const test_authority authority;
    client_fixture test(trusting(authority));
    auto& plain = test.serve(answer_and_hang("HTTP/1.1 400 Bad Request\r\n\r\n"));
    auto& closes =
        test.serve([](raw_server&, tcp::socket&, unsigned) -> asio::awaitable<void> { co_return; });
    const auto old = std::make_shared<tls_side>(authority.issue("DNS:name.test"));
    SSL_CTX_set_min_proto_version(old->context.native_handle(), TLS1_1_VERSION);
    SSL_CTX_set_max_proto_version(old->context.native_handle(), TLS1_1_VERSION);
    SSL_CTX_set_security_level(old->context.native_handle(), 0);
    auto& outdated = test.serve(tls_script(old));
    const http::exchange_limits limits{2'000ms, 4'000ms};
    CHECK(test.post(closes.url("name.test", "https"), limits).result == exchange_result::tls);
    CHECK(test.post(outdated.url("name.test", "https"), limits).result == exchange_result::tls);
    CHECK(old->handshakes == 0);
    const auto silent = test.post(plain.url("name.test", "https"), {200ms, 400ms});
    CHECK(silent.result == exchange_result::connect_timeout); // it waits for the end of a request head
}

TEST_CASE("a TLS connection that was closed while idle is replaced without an exchange noticing")
{
    const test_authority authority;
    const auto side = std::make_shared<tls_side>(authority.issue("DNS:name.test"));
    side->requests_each = 1;
    client_fixture test(trusting(authority));
    auto& server = test.serve(tls_script(side));
    CHECK(test.post(server.url("name.test", "https")).status == 200);
    CHECK(test.post(server.url("name.test", "https")).status == 200);
    CHECK(server.connections == 2);
}

TEST_CASE("a file of authorities that cannot be read stops the client from being made, and is named")
{
    auto options = loopback_options();
    options.ca_file = "/no/such/authorities.pem";
    asio::io_context loop;
    try {
        const http::client client(loop.get_executor(), options);
        FAIL("it was made");
    }
    catch (const std::runtime_error& refused) {
        CHECK(std::string(refused.what()).find("/no/such/authorities.pem") != std::string::npos);
    }
}
