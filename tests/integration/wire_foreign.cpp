// What other implementations of the contract send and must be able to verify.
#include "tests/catch.hpp"
#include "tests/integration/support/api.hpp"
#include "tests/integration/support/signing.hpp"
#include "tests/integration/support/wire.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <cctype>

using namespace integration;

namespace {

using digest = std::array<unsigned char, 32>;

digest hmac_sha256(std::string_view key, std::string_view message)
{
    digest result{};
    unsigned size = 0;
    const auto* bytes = reinterpret_cast<const unsigned char*>(message.data());
    const auto* made = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes, message.size(),
                            result.data(), &size);
    REQUIRE(made != nullptr);
    REQUIRE(size == result.size());
    return result;
}

std::string hex(const digest& bytes)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const auto byte : bytes)
        text.append({digits[byte >> 4U], digits[byte & 15U]});
    return text;
}

std::string base64(const digest& bytes)
{
    std::array<unsigned char, 64> text{};
    const int size = EVP_EncodeBlock(text.data(), bytes.data(), static_cast<int>(bytes.size()));
    return {reinterpret_cast<const char*>(text.data()), static_cast<std::size_t>(size)};
}

// The value of a header of a stored event.
std::string stored_header(const boost::json::object& event, std::string_view name)
{
    for (const auto& field : event.at("headers").as_array()) {
        auto found = text_of(field.as_object(), "name");
        std::transform(found.begin(), found.end(), found.begin(),
                       [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        if (found == name)
            return text_of(field.as_object(), "value");
    }
    return "";
}

// A request as Spring's client writes it: chunked, and offering HTTP/2 that nobody has to take.
std::string spring_request(const origin& receiver, const sample_event& event, scheme which)
{
    std::string bytes =
        "POST " + std::string(webhook_path) + " HTTP/1.1\r\nConnection: Upgrade, HTTP2-Settings" +
        "\r\nHost: " + receiver.authority() +
        "\r\nHTTP2-Settings: AAEAAEAAAAIAAAAAAAMAAAAAAAQBAAAAAAUAAEAAAAYABgAA"
        "\r\nTransfer-encoding: chunked\r\nUpgrade: h2c\r\nUser-Agent: Java-http-client/21.0.1";
    for (const auto& field : signature_headers(wire().secret, event.key, event.body, which))
        bytes += "\r\n" + field.name + ": " + field.value;
    bytes += "\r\n\r\n";
    const auto half = event.body.size() / 2;
    for (const auto& part : {event.body.substr(0, half), event.body.substr(half)}) {
        constexpr std::string_view digits = "0123456789abcdef";
        bytes += digits[part.size() >> 4U];
        bytes += digits[part.size() & 15U];
        bytes += "\r\n" + part + "\r\n";
    }
    return bytes + "0\r\n\r\n";
}

} // namespace

TEST_CASE("what the sender signed verifies with OpenSSL alone, in both schemes", "[wire]")
{
    const auto user = unique("openssl");
    sender_api::register_user(wire().sender, user, wire().callback_url);
    sender_api::start(wire().sender, user);
    receiver_api::inbox_when(wire().receiver, user, 1);
    const auto listed = receiver_api::events(wire().receiver, user);
    REQUIRE(listed.size() == 1);
    const auto event = receiver_api::event(wire().receiver, text_of(listed.front().as_object(), "id"));
    const auto body = text_of(event, "body");
    const auto key = text_of(event, "idempotencyKey");
    // In a test with a secret written `whsec_…` or with several, scheme 2 has other keys than these bytes.
    const auto& secret = wire().secret;

    const auto seed_time = stored_header(event, "x-signature-timestamp");
    CHECK(stored_header(event, "x-signature") ==
          "hmac-sha256=" + hex(hmac_sha256(secret, seed_time + "." + key)));
    const auto time = stored_header(event, "webhook-timestamp");
    CHECK(stored_header(event, "webhook-id") == key);
    CHECK(stored_header(event, "webhook-signature") ==
          "v1," + base64(hmac_sha256(secret, key + "." + time + "." + body)));
    CHECK(stored_header(event, "content-type") == "application/json");
}

TEST_CASE("a chunked request with Upgrade: h2c and a numeric issuedAt is accepted", "[wire]")
{
    auto event = make_event(unique("spring"));
    const auto at = event.body.find("\"issuedAt\":\"") + 11;
    const auto length = event.body.find('"', at + 1) + 1 - at;
    event.body.replace(at, length, "1795452968.441928715");
    const auto which = wire().seed_alone_accepted ? scheme::seed : scheme::both;
    const auto answer = ask_raw(wire().receiver, spring_request(wire().receiver, event, which));
    REQUIRE(answer.has_value());
    INFO(shown(*answer));
    CHECK(answer->status == 200);
    const auto inbox = receiver_api::inbox(wire().receiver, event.user);
    REQUIRE(inbox.size() == 1);
    CHECK(text_of(inbox.front().as_object(), "issuedAt").starts_with("2026-11-23T"));
    const auto id = text_of(receiver_api::events(wire().receiver, event.user).front().as_object(), "id");
    CHECK(text_of(receiver_api::event(wire().receiver, id), "body") == event.body);
}

TEST_CASE("a connection on which an upgrade was offered goes on in HTTP/1.1", "[wire]")
{
    connection link(wire().receiver);
    link.write(spring_request(wire().receiver, make_event(unique("goeson")), scheme::both));
    const auto first = link.read();
    REQUIRE(first.has_value());
    CHECK(first->status == 200);
    link.write(request_bytes(wire().receiver, "GET", "/livez"));
    const auto second = link.read();
    REQUIRE(second.has_value());
    CHECK(second->status == 200);
}
