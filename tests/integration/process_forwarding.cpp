// What a receiver does with RECEIVER_FORWARD_URL: every event that it acknowledged reaches the app, whatever
// becomes of either.
#include "tests/catch.hpp"
#include "tests/integration/support/api.hpp"
#include "tests/integration/support/eventually.hpp"
#include "tests/integration/support/forwarding.hpp"
#include "tests/integration/support/pair.hpp"

#include <atomic>
#include <csignal>
#include <thread>

using namespace integration;

TEST_CASE("each accepted event is forwarded to the app once, with its own bytes, signed", "[process]")
{
    const app there;
    const forwarding_receiver receiver(there.url());
    std::vector<sample_event> events{make_event("alice"), make_event("bob")};
    events[1].body.insert(1, "\"more\" : [1, 2.50],\n  ");
    for (int times = 0; times < 2; ++times) // the second is a duplicate
        for (const auto& event : events)
            REQUIRE(ask_raw(receiver.address(), webhook_request(receiver.address(), event, test_secret))
                        .value()
                        .status == 200);
    REQUIRE(receiver.drained());
    const auto posts = there.posts();
    REQUIRE(posts.size() == 2);
    for (const auto& post : posts) {
        const auto event = post.verified(test_secret);
        CHECK(post.target == "/hook");
        CHECK(post.values("user-agent") == std::vector<std::string_view>{"waiting-room-receiver"});
        CHECK(post.body == (event.user_id == "alice" ? events[0].body : events[1].body));
    }
    const auto shown = receiver_api::event(receiver.address(), "1");
    CHECK(shown.at("status") == "processed");
    REQUIRE(shown.at("attemptLog").as_array().size() == 1);
    CHECK(shown.at("attemptLog").at(0).at("response") == "ok");
}

TEST_CASE("the sender's event goes through the receiver to the app", "[process]")
{
    const app there;
    service_pair pair({}, {{"RECEIVER_FORWARD_URL", there.url()}});
    sender_api::register_user(pair.sender().address(), "alice", pair.callback_url());
    const auto session = sender_api::start(pair.sender().address(), "alice");
    REQUIRE(eventually([&] { return !there.posts().empty(); }));
    CHECK(there.posts().front().verified(test_secret).session_id == session);
}

TEST_CASE("what the app answers with 500 is tried until it takes it", "[process]")
{
    std::atomic<int> answered{0};
    const app there(0, [&](const app_post&) { return ++answered <= 3 ? 500U : 200U; });
    forwarding_receiver receiver(there.url());
    const auto event = receiver.receive();
    REQUIRE(eventually([&] { return !receiver.listed("processed").empty(); }));
    CHECK(keys_of(there)[event.key] == 4);
    const auto shown = receiver_api::event(receiver.address(), "1");
    CHECK(shown.at("attempts") == 4);
    CHECK(shown.at("attemptLog").at(0).at("status") == 500);
    CHECK(shown.at("attemptLog").at(3).at("status") == 200);
}

TEST_CASE("while the app is down events are accepted, and all reach it once it is up", "[process]")
{
    const auto port = restartable_port();
    forwarding_receiver receiver("http://127.0.0.1:" + std::to_string(port) + "/hook");
    const auto events = receiver.receive(200);
    CHECK(receiver.listed("accepted").size() == events.size());
    CHECK(receiver_api::inbox(receiver.address(), "alice").size() == events.size());
    const app there(port);
    REQUIRE(receiver.drained());
    check_all_forwarded(events, keys_of(there));
    CHECK(receiver.listed("dead").empty());
}

TEST_CASE("SIGKILL of a receiver that forwards loses nothing that it acknowledged", "[process]")
{
    constexpr std::size_t rounds = 5;
    std::atomic<bool> holding{false};
    const app there(0, [&](const app_post&) {
        while (holding)
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        return 200U;
    });
    forwarding_receiver receiver(there.url());
    std::vector<sample_event> events;
    for (std::size_t round = 0; round < rounds; ++round) {
        auto some = receiver.receive(50);
        holding = true; // from now on the first POST gets no answer, and the others wait
        for (auto& event : receiver.receive(50))
            some.push_back(std::move(event));
        REQUIRE(!receiver.listed("accepted").empty());
        receiver.kill();
        holding = false;
        receiver.start();
        events.insert(events.end(), some.begin(), some.end());
    }
    REQUIRE(receiver.drained());
    check_all_forwarded(events, keys_of(there));
    CHECK(there.posts().size() >= events.size() + rounds); // what was on the wire came again
    CHECK(receiver.listed("dead").empty());
    CHECK(receiver.listed("processed").size() == events.size());
}

TEST_CASE("what the app answers with 410 is dead at once, and reprocess forwards it when it is asked for",
          "[process]")
{
    std::atomic<unsigned> status{410};
    const app there(0, [&](const app_post&) { return status.load(); });
    forwarding_receiver receiver(there.url());
    const auto event = receiver.receive();
    REQUIRE(eventually([&] { return !receiver.listed("dead").empty(); }));
    const auto dead = receiver.listed("dead").front().as_object();
    CHECK(dead.at("reason") == "gone");
    CHECK(dead.at("attempts") == 1);
    CHECK(receiver_api::inbox(receiver.address(), "alice").size() == 1);
    status = 200;
    const auto path = "/user-app/events/" + text_of(dead, "id") + "/reprocess";
    CHECK(ask(receiver.address(), "POST", path).status == 202);
    REQUIRE(eventually([&] { return !receiver.listed("processed").empty(); }));
    CHECK(receiver.listed("dead").empty());
    CHECK(keys_of(there)[event.key] == 2);
    CHECK(is_problem(ask(receiver.address(), "POST", "/user-app/events/99/reprocess"), 404));
}

TEST_CASE("a receiver that is stopped while it forwards lets what is on the wire end, and goes on later",
          "[process]")
{
    const app there(0, [](const app_post&) {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        return 200U;
    });
    forwarding_receiver receiver(there.url());
    const auto events = receiver.receive(50);
    CHECK(terminate(receiver.running(), std::chrono::seconds(20)) == 0);
    receiver.start();
    REQUIRE(receiver.drained());
    const auto keys = keys_of(there);
    check_all_forwarded(events, keys);
    for (const auto& [key, count] : keys) {
        INFO(key);
        CHECK(count == 1); // each outcome was recorded before it ended
    }
}

TEST_CASE("events that were to be forwarded wait while there is no app, and the log says how many",
          "[process]")
{
    const auto port = restartable_port();
    const auto url = "http://127.0.0.1:" + std::to_string(port) + "/hook";
    forwarding_receiver receiver(url);
    const auto events = receiver.receive(3);
    REQUIRE(terminate(receiver.running(), std::chrono::seconds(20)) == 0);
    receiver.values().erase("RECEIVER_FORWARD_URL");
    receiver.start();
    CHECK(receiver.running().log_line("not_forwarded").at("events") == 3);
    CHECK(receiver.listed("accepted").size() == 3);
    CHECK(is_problem(ask(receiver.address(), "POST", "/user-app/events/1/reprocess"), 409));
    receiver.receive();
    CHECK(receiver.listed("processed").size() == 1);
    REQUIRE(terminate(receiver.running(), std::chrono::seconds(20)) == 0);
    receiver.values()["RECEIVER_FORWARD_URL"] = url;
    const app there(port);
    receiver.start();
    REQUIRE(receiver.drained());
    check_all_forwarded(events, keys_of(there));
    CHECK(there.posts().size() == 3);
}

TEST_CASE("SIGHUP gives what is forwarded the new secret too", "[process]")
{
    const app there;
    const temporary_folder folder;
    const auto file = folder.path() / "secret";
    write_file(file, "the-first-secret-in-it, " + std::string(test_secret));
    forwarding_receiver receiver(
        there.url(), {{"WEBHOOK_SHARED_SECRET", ""}, {"WEBHOOK_SHARED_SECRET_FILE", file.string()}});
    receiver.receive();
    REQUIRE(receiver.drained());
    CHECK_THROWS(there.posts().front().verified(test_secret)); // the first signs scheme 1
    write_file(file, std::string(test_secret));
    receiver.running().process().signal(SIGHUP);
    receiver.running().log_line("secrets_read");
    const auto event = receiver.receive();
    REQUIRE(receiver.drained());
    CHECK(there.posts().back().verified(test_secret).idempotency_key == event.key);
}
