// Deadlines and the limit on connections.
#include "tests/catch.hpp"
#include "tests/integration/support/api.hpp"
#include "tests/integration/support/eventually.hpp"
#include "tests/integration/support/service.hpp"
#include "tests/integration/support/signing.hpp"

#include <memory>
#include <vector>

using namespace integration;

namespace {

constexpr auto close_wait = std::chrono::seconds(10);

settings impatient(const temporary_folder& folder)
{
    return test_settings(which::receiver, folder,
                         {{"RECEIVER_REQUEST_TIMEOUT_MS", "500"}, {"RECEIVER_IDLE_TIMEOUT_MS", "1000"}});
}

// Sends one byte after another until the service has had enough, or all are sent.
std::optional<reply> drip(connection& link, std::string_view bytes)
{
    const auto started = std::chrono::steady_clock::now();
    for (const char byte : bytes) {
        link.write(std::string_view(&byte, 1));
        if (link.ends_within(std::chrono::milliseconds(50)))
            break;
        if (std::chrono::steady_clock::now() - started > close_wait)
            break;
    }
    return link.read();
}

} // namespace

TEST_CASE("a head that comes too slowly is answered with 408 and its connection closed", "[process]")
{
    const temporary_folder folder;
    service receiver(which::receiver, impatient(folder));
    connection link(receiver.address());
    const auto answer = drip(link, "GET /livez HTTP/1.1\r\nHost: a\r\nX-Slow: " + std::string(1'000, 'x'));
    REQUIRE(answer.has_value());
    CHECK(is_problem(*answer, 408));
    CHECK(link.ends_within(close_wait));
}

TEST_CASE("a body that comes too slowly is answered with 408, and nothing is stored", "[process]")
{
    const temporary_folder folder;
    service receiver(which::receiver, impatient(folder));
    const auto event = make_event("alice");
    const auto bytes = webhook_request(receiver.address(), event, test_secret);
    const auto head = bytes.size() - event.body.size();
    connection link(receiver.address());
    link.write(bytes.substr(0, head));
    const auto answer = drip(link, bytes.substr(head));
    REQUIRE(answer.has_value());
    CHECK(is_problem(*answer, 408));
    CHECK(link.ends_within(close_wait));
    CHECK(receiver_api::events(receiver.address(), "alice").empty());
}

TEST_CASE("a connection without requests is closed after the idle time, without an answer", "[process]")
{
    const temporary_folder folder;
    service receiver(which::receiver, impatient(folder));
    connection link(receiver.address());
    link.write(request_bytes(receiver.address(), "GET", "/livez"));
    REQUIRE(link.read().has_value());
    CHECK(!link.ends_within(std::chrono::milliseconds(300)));
    CHECK(link.ends_within(close_wait));
    CHECK(!link.read().has_value());
}

TEST_CASE("connections over the limit are closed, and those within it still served", "[process]")
{
    constexpr std::size_t limit = 8;
    const temporary_folder folder;
    service receiver(which::receiver, test_settings(which::receiver, folder,
                                                    {{"RECEIVER_MAX_CONNECTIONS", std::to_string(limit)}}));
    const auto live = request_bytes(receiver.address(), "GET", "/livez");
    std::vector<std::unique_ptr<connection>> within;
    for (std::size_t made = 0; made < limit; ++made) {
        within.push_back(std::make_unique<connection>(receiver.address()));
        within.back()->write(live);
        REQUIRE(within.back()->read().value().status == 200);
    }
    for (int more = 0; more < 20; ++more) {
        connection beyond(receiver.address());
        CHECK(beyond.ends_within(close_wait));
    }
    for (auto& link : within) {
        link->write(live);
        CHECK(link->read().value().status == 200);
    }
    within.pop_back();
    CHECK(eventually([&] { // its place is free once the service has seen it go
        connection next(receiver.address());
        next.write(live);
        const auto answer = next.read();
        return answer && answer->status == 200;
    }));
}

TEST_CASE("the limits on body and head are the settings", "[process]")
{
    const temporary_folder folder;
    service sender(which::sender,
                   test_settings(which::sender, folder,
                                 {{"SENDER_MAX_BODY_BYTES", "1024"}, {"SENDER_MAX_HEADER_BYTES", "2048"}}));
    const auto body = R"({"callbackUrl":"http://127.0.0.1:9/"})";
    const std::string fitting = body + std::string(1'024 - std::string_view(body).size(), ' ');
    CHECK(post_json(sender.address(), "/ticketmaster/register/alice", fitting).status == 200);
    CHECK(is_problem(post_json(sender.address(), "/ticketmaster/register/bob", fitting + " "), 413));
    const auto head = ask(sender.address(), "GET", "/livez", {{"X-Large", std::string(1'900, 'x')}});
    CHECK(head.status == 200);
    const auto over = ask(sender.address(), "GET", "/livez", {{"X-Large", std::string(2'100, 'x')}});
    CHECK(is_problem(over, 431));
    CHECK(get(sender.address(), "/ticketmaster/status/bob").status == 404);
}
