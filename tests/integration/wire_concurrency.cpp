// What many callers at once get.
#include "tests/catch.hpp"
#include "tests/integration/support/api.hpp"
#include "tests/integration/support/signing.hpp"
#include "tests/integration/support/wire.hpp"

#include <memory>
#include <set>
#include <vector>

using namespace integration;

namespace {

// The answers to `count` equal requests, each on a connection of its own and all sent before any is read.
std::vector<reply> all_at_once(const origin& peer, std::string_view bytes, std::size_t count)
{
    std::vector<std::unique_ptr<connection>> links;
    for (std::size_t made = 0; made < count; ++made)
        links.push_back(std::make_unique<connection>(peer));
    for (auto& link : links)
        link->write(bytes);
    std::vector<reply> answers;
    for (auto& link : links) {
        auto answer = link->read();
        REQUIRE(answer.has_value());
        answers.push_back(std::move(*answer));
    }
    return answers;
}

} // namespace

TEST_CASE("100 concurrent starts make one session", "[wire]")
{
    const auto user = unique("crowd");
    sender_api::register_user(wire().sender, user, wire().callback_url);
    const auto bytes = request_bytes(wire().sender, "POST", "/ticketmaster/start/" + user);
    std::set<std::string> sessions;
    for (const auto& answer : all_at_once(wire().sender, bytes, 100)) {
        REQUIRE(answer.status == 200);
        sessions.insert(text_of(object_of(answer), "sessionId"));
    }
    REQUIRE(sessions.size() == 1);
    sender_api::delivery_when(wire().sender, user, *sessions.begin(), "delivered");
    CHECK(receiver_api::inbox(wire().receiver, user).size() == 1);
    CHECK(sender_api::deliveries(wire().sender, user).size() == 1);
}

TEST_CASE("64 concurrent posts of one event make one row and are all answered 200", "[wire]")
{
    const auto event = make_event(unique("flood"));
    const auto bytes = webhook_request(wire().receiver, event, wire().secret);
    std::size_t accepted = 0;
    std::size_t duplicates = 0;
    for (const auto& answer : all_at_once(wire().receiver, bytes, 64)) {
        REQUIRE(answer.status == 200);
        const auto result = text_of(object_of(answer), "result");
        accepted += result == "accepted" ? 1 : 0;
        duplicates += result == "duplicate" ? 1 : 0;
    }
    CHECK(accepted == 1);
    CHECK(duplicates == 63);
    CHECK(receiver_api::inbox(wire().receiver, event.user).size() == 1);
    CHECK(receiver_api::events(wire().receiver, event.user).size() == 1);
}

TEST_CASE("100 concurrent registrations of one user leave one of them", "[wire]")
{
    const auto user = unique("register");
    const auto bytes = request_bytes(wire().sender, "POST", "/ticketmaster/register/" + user,
                                     {{"Content-Type", "application/json"}},
                                     R"({"callbackUrl":")" + wire().callback_url + R"("})");
    for (const auto& answer : all_at_once(wire().sender, bytes, 100))
        CHECK(answer.status == 200);
    CHECK(sender_api::status(wire().sender, user).at("registered") == true);
}
