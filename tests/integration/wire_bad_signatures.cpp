// Requests on the webhook path that nobody with the secret signed so: each is the same 401, nothing is
// stored.
#include "tests/catch.hpp"
#include "tests/integration/support/api.hpp"
#include "tests/integration/support/signing.hpp"
#include "tests/integration/support/wire.hpp"

#include <algorithm>

using namespace integration;

namespace {

reply post_with(const sample_event& event, const headers& fields)
{
    const auto answer =
        ask_raw(wire().receiver, request_bytes(wire().receiver, "POST", webhook_path, fields, event.body));
    REQUIRE(answer.has_value());
    return *answer;
}

void refused(const sample_event& event, const headers& fields)
{
    static const auto common_body =
        post_with(make_event(unique("unsigned")), {{"Content-Type", "application/json"}}).body;
    const auto answer = post_with(event, fields);
    INFO(shown(answer));
    CHECK(is_problem(answer, 401));
    CHECK(answer.body == common_body); // says nothing about what was wrong
    CHECK(receiver_api::events(wire().receiver, event.user).empty());
    CHECK(receiver_api::inbox(wire().receiver, event.user).empty());
}

header& named(headers& fields, std::string_view name)
{
    return *std::find_if(fields.begin(), fields.end(),
                         [name](const header& field) { return field.name == name; });
}

constexpr const char* signature_names[] = {"X-Signature", "X-Signature-Timestamp", "webhook-id",
                                           "webhook-timestamp", "webhook-signature"};

} // namespace

TEST_CASE("an unsigned event is refused", "[wire]")
{
    refused(make_event(unique("unsigned")), {{"Content-Type", "application/json"}});
}

TEST_CASE("an event signed with another secret is refused in either scheme", "[wire]")
{
    const auto event = make_event(unique("other"));
    const auto which = GENERATE(scheme::seed, scheme::standard, scheme::both);
    refused(event, signature_headers(wire().secret + "x", event.key, event.body, which));
}

TEST_CASE("a scheme that is only half there is refused, though the other is right", "[wire]")
{
    const auto event = make_event(unique("half"));
    const std::string missing = GENERATE(from_range(std::begin(signature_names), std::end(signature_names)));
    auto fields = signature_headers(wire().secret, event.key, event.body);
    fields.erase(std::find_if(fields.begin(), fields.end(),
                              [&](const header& field) { return field.name == missing; }));
    INFO(missing);
    refused(event, fields);
}

TEST_CASE("a signature header given twice is refused, though both are right", "[wire]")
{
    const auto event = make_event(unique("double"));
    const std::string name = GENERATE(from_range(std::begin(signature_names), std::end(signature_names)));
    auto fields = signature_headers(wire().secret, event.key, event.body);
    fields.push_back({name, named(fields, name).value});
    INFO(name);
    refused(event, fields);
}

TEST_CASE("a timestamp that is not canonical decimal is refused", "[wire]")
{
    const auto event = make_event(unique("stamp"));
    const auto which = GENERATE(scheme::seed, scheme::standard);
    const auto text = GENERATE(as<std::string>{}, "+1", "01", "1e9", "1.5", " 1", "", "12345678901234567890",
                               "-1", "0x1", "1 2");
    auto fields = signature_headers(wire().secret, event.key, event.body, which);
    named(fields, which == scheme::seed ? "X-Signature-Timestamp" : "webhook-timestamp").value = text;
    INFO("timestamp '" << text << "'");
    refused(event, fields);
}

TEST_CASE("the right timestamp in another spelling is refused", "[wire]")
{
    const auto event = make_event(unique("spelling"));
    const auto before = GENERATE(as<std::string>{}, "+", "0", "00");
    auto fields = signature_headers(wire().secret, event.key, event.body);
    auto& stamp = named(fields, "webhook-timestamp").value;
    stamp.insert(0, before);
    refused(event, fields);
}

TEST_CASE("a timestamp too far from the receiver's clock is refused in either direction", "[wire]")
{
    const auto event = make_event(unique("skew"));
    const auto age =
        GENERATE(std::chrono::seconds(330), std::chrono::seconds(-330), std::chrono::hours(24 * 365));
    const auto which = GENERATE(scheme::seed, scheme::standard);
    refused(event, signature_headers(wire().secret, event.key, event.body, which, age));
}

TEST_CASE("a timestamp within the skew is accepted", "[wire]")
{
    const auto event = make_event(unique("fresh"));
    const auto age = GENERATE(std::chrono::seconds(270), std::chrono::seconds(-270));
    const auto fields = signature_headers(wire().secret, event.key, event.body, scheme::both, age);
    CHECK(post_with(event, fields).status == 200);
    CHECK(receiver_api::inbox(wire().receiver, event.user).size() == 1);
}

TEST_CASE("a body changed after it was signed is refused in scheme 2", "[wire]")
{
    const auto event = make_event(unique("tampered"));
    const auto fields = signature_headers(wire().secret, event.key, event.body);
    auto changed = event;
    changed.body.back() = ' ';
    changed.body += '}';
    refused(changed, fields);
}

TEST_CASE("a malformed signature is refused", "[wire]")
{
    const auto event = make_event(unique("malformed"));
    const auto text = GENERATE(as<std::string>{}, "", "v1,", "v1", "v2,AAAA",
                               "v1,====", "hmac-sha256=", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    const std::string name = GENERATE(as<std::string>{}, "webhook-signature", "X-Signature");
    auto fields = signature_headers(wire().secret, event.key, event.body);
    named(fields, name).value = text;
    refused(event, fields);
}

TEST_CASE("a signature in other case, without padding or as the ninth is refused", "[wire]")
{
    const auto event = make_event(unique("variants"));
    auto fields = signature_headers(wire().secret, event.key, event.body);
    auto& seed = named(fields, "X-Signature").value;
    auto& standard = named(fields, "webhook-signature").value;
    SECTION("upper case hexadecimal")
    {
        std::transform(seed.begin() + 12, seed.end(), seed.begin() + 12,
                       [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    }
    SECTION("base64 without its padding")
    {
        standard.pop_back();
    }
    SECTION("after eight others")
    {
        std::string nine;
        for (int count = 0; count < 8; ++count)
            nine += "v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= ";
        standard.insert(0, nine);
    }
    refused(event, fields);
}

TEST_CASE("a right signature is found after seven wrong ones and unknown versions", "[wire]")
{
    const auto event = make_event(unique("eighth"));
    auto fields = signature_headers(wire().secret, event.key, event.body, scheme::standard);
    auto& standard = named(fields, "webhook-signature").value;
    standard.insert(0, "v2,xyz v1a,AAAA v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= ");
    CHECK(post_with(event, fields).status == 200);
}
