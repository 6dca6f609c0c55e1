// SIGTERM and SIGINT: an ordered end within the grace period, with every accepted write kept.
#include "tests/catch.hpp"
#include "tests/integration/support/api.hpp"
#include "tests/integration/support/eventually.hpp"
#include "tests/integration/support/load.hpp"
#include "tests/integration/support/pair.hpp"

#include <csignal>
#include <set>

using namespace integration;

namespace {

constexpr auto grace = std::chrono::milliseconds(2'000);
constexpr auto end_max = grace + std::chrono::seconds(1);
constexpr std::size_t acknowledged_before_stop = 100;

const settings with_grace{
    {"SENDER_STOP_GRACE_MS", "2000"}, {"SENDER_WAITING_AFTER_MS", "50"}, {"SENDER_READY_AFTER_MS", "100"}};
const settings receiver_with_grace{{"RECEIVER_STOP_GRACE_MS", "2000"}};

// Signals the service while `writes` runs against it, expects status 0 in time, and answers with the ledger.
ledger stopped_under(load& writes, service& target)
{
    CHECK(eventually([&] { return writes.acknowledged_so_far() >= acknowledged_before_stop; }));
    CHECK(terminate(target, end_max) == 0);
    auto result = writes.stop();
    CAPTURE(result.faults);
    CHECK(result.faults.empty());
    for (const auto& each : result.refused)
        CHECK(is_problem(each.answer, 503)); // which says that nothing was accepted
    return result;
}

} // namespace

TEST_CASE("an idle service ends with status 0 at SIGTERM and at SIGINT", "[process]")
{
    const auto number = GENERATE(SIGTERM, SIGINT);
    const auto side = GENERATE(which::sender, which::receiver);
    const temporary_folder folder;
    service running(side, test_settings(side, folder));
    connection idle(running.address()); // an open connection keeps nobody
    running.process().signal(number);
    CHECK(running.process().wait(end_max).value_or(still_running) == 0);
    CHECK(idle.ends_within(end_max));
}

TEST_CASE("SIGTERM under load ends the receiver in time, with every accepted event kept", "[process]")
{
    service_pair pair(with_grace, receiver_with_grace);
    const auto address = pair.receiver().address();
    const std::vector<std::string> users{unique("term"), unique("term"), unique("term"), unique("term")};
    std::mutex mutex;
    std::vector<sample_event> events;
    load writes(address, 4, [&](unsigned worker, unsigned number) {
        auto event = make_event(users[worker] + "-" + std::to_string(number / 500));
        const std::lock_guard lock(mutex);
        events.push_back(event);
        return load_request{std::to_string(events.size() - 1), webhook_request(address, event, test_secret)};
    });
    const auto result = stopped_under(writes, pair.receiver());
    pair.restart(which::receiver);
    std::set<std::string> stored;
    std::set<std::string> seen_users;
    for (const auto& event : events) {
        if (!seen_users.insert(event.user).second)
            continue;
        for (const auto& each : receiver_api::inbox(address, event.user))
            CHECK(stored.insert(text_of(each.as_object(), "idempotencyKey")).second);
    }
    for (const auto& each : result.acknowledged)
        REQUIRE(stored.contains(events.at(std::stoul(each.name)).key));
}

TEST_CASE("SIGTERM under load ends the sender in time, with every accepted session kept", "[process]")
{
    service_pair pair(with_grace, receiver_with_grace);
    const auto address = pair.sender().address();
    const auto round = unique("term");
    load writes(address, 4, [&](unsigned worker, unsigned number) {
        const auto user = round + "-" + std::to_string(worker) + "-" + std::to_string(number / 2);
        if (number % 2 == 1)
            return load_request{user, request_bytes(address, "POST", "/ticketmaster/start/" + user)};
        const auto bytes = request_bytes(address, "POST", "/ticketmaster/register/" + user,
                                         {{"Content-Type", "application/json"}},
                                         R"({"callbackUrl":")" + pair.callback_url() + R"("})");
        return load_request{"", bytes};
    });
    const auto result = stopped_under(writes, pair.sender());
    pair.restart(which::sender);
    for (const auto& each : result.acknowledged) {
        if (each.name.empty())
            continue;
        const auto session = text_of(object_of(each.answer), "sessionId");
        const auto inbox = receiver_api::inbox_when(pair.receiver().address(), each.name, 1);
        REQUIRE(inbox.size() == 1);
        REQUIRE(text_of(inbox.front(), "sessionId") == session);
    }
}

TEST_CASE("requests that never become whole do not hold up a stop", "[process]")
{
    const temporary_folder folder;
    service receiver(which::receiver, test_settings(which::receiver, folder, receiver_with_grace));
    connection in_head(receiver.address());
    in_head.write("GET /livez HTT");
    connection in_body(receiver.address());
    in_body.write("POST " + std::string(webhook_path) +
                  " HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n1234");
    CHECK(get(receiver.address(), "/livez").status == 200); // what was sent before it has been read by now
    CHECK(terminate(receiver, end_max) == 0);
    CHECK(in_head.ends_within(end_max));
    CHECK(in_body.ends_within(end_max));
}

TEST_CASE("a delivery to a callback that accepts and never answers does not hold up a stop", "[process]")
{
    service_pair pair(with_grace, receiver_with_grace);
    pair.receiver().process().signal(SIGSTOP); // its listener still takes connections
    sender_api::register_user(pair.sender().address(), "alice", pair.callback_url());
    const auto session = sender_api::start(pair.sender().address(), "alice");
    sender_api::status_when(pair.sender().address(), "alice", "READY");
    CHECK(terminate(pair.sender(), end_max) == 0);
    pair.receiver().process().signal(SIGCONT);
    pair.restart(which::sender);
    sender_api::delivery_when(pair.sender().address(), "alice", session, "delivered");
    CHECK(receiver_api::inbox(pair.receiver().address(), "alice").size() == 1);
}
