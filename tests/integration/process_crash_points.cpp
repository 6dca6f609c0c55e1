// The services die at every point where a crash could cost something, and the ledger holds afterwards: what
// was acknowledged is there, each READY user's event is in the inbox, and nothing is in it twice.
#include "tests/catch.hpp"
#include "tests/integration/support/api.hpp"
#include "tests/integration/support/crash_points.hpp"
#include "tests/integration/support/eventually.hpp"
#include "tests/integration/support/pair.hpp"

#include <csignal>
#include <map>
#include <thread>

using namespace integration;

namespace {

constexpr int killed = 128 + SIGKILL;
constexpr std::size_t users_each_time = 12;

settings crashing(which side, const std::string& point)
{
    return {{crash_setting(side), point}};
}

service_pair pair_crashing(which side, const std::string& point, settings more = {})
{
    auto changes = crashing(side, point);
    changes.merge(more);
    return side == which::sender ? service_pair(changes) : service_pair({}, changes);
}

// Waits for the end of a process, which is to be SIGKILL at this point and at no other.
void check_died_at(child& process, const std::string& point)
{
    const auto status = process.wait(eventually_max);
    INFO(process.errors());
    REQUIRE(status.value_or(still_running) == killed);
    CHECK(process.errors().ends_with("died at " + point.substr(0, point.find(':')) + "\n"));
}

void restart_whole(service_pair& pair, which side)
{
    pair.values(side).erase(crash_setting(side));
    pair.restart(side);
}

// Sessions that the sender has acknowledged, by user.
using sessions = std::map<std::string, std::string>;

sessions start_some(service_pair& pair)
{
    sessions started;
    for (std::size_t made = 0; made < users_each_time; ++made) {
        const auto user = unique("crash");
        sender_api::register_user(pair.sender().address(), user, pair.callback_url());
        started[user] = sender_api::start(pair.sender().address(), user);
    }
    return started;
}

// Each session is delivered, and its event is in the inbox of its user, alone. Answers with how often the
// receiver was sent one that it had already.
std::int64_t check_all_arrived_once(service_pair& pair, const sessions& started)
{
    std::int64_t duplicates = 0;
    for (const auto& [user, session] : started) {
        INFO(user);
        sender_api::delivery_when(pair.sender().address(), user, session, "delivered");
        const auto inbox = receiver_api::inbox(pair.receiver().address(), user);
        REQUIRE(inbox.size() == 1);
        CHECK(text_of(inbox.front(), "sessionId") == session);
        CHECK(sender_api::status(pair.sender().address(), user).at("status") == "READY");
        const auto events = receiver_api::events(pair.receiver().address(), user);
        REQUIRE(events.size() == 1);
        duplicates += events.front().at("duplicates").to_number<std::int64_t>();
    }
    return duplicates;
}

std::size_t arrived(const origin& receiver, const sessions& started)
{
    std::size_t count = 0;
    for (const auto& each : started)
        count += receiver_api::inbox(receiver, each.first).size();
    return count;
}

std::optional<reply> post(const origin& receiver, const sample_event& event)
{
    return ask_raw(receiver, webhook_request(receiver, event, test_secret));
}

std::vector<sample_event> post_some(const origin& receiver)
{
    std::vector<sample_event> posted;
    for (std::size_t made = 0; made < users_each_time; ++made) {
        posted.push_back(make_event(unique("crash")));
        REQUIRE(post(receiver, posted.back()).value().status == 200);
    }
    return posted;
}

// Each is in its user's inbox, once, and known when it comes again. Of those whose answer never came,
// `in_doubt` many, any may be there too.
void check_all_kept_once(const origin& receiver, const std::vector<sample_event>& posted,
                         std::size_t in_doubt = 0)
{
    std::map<std::string, int> found;
    std::map<std::string, bool> asked;
    for (const auto& event : posted) {
        if (std::exchange(asked[event.user], true))
            continue;
        for (const auto& each : receiver_api::inbox(receiver, event.user))
            ++found[text_of(each, "idempotencyKey")];
    }
    CHECK(found.size() >= posted.size());
    CHECK(found.size() <= posted.size() + in_doubt);
    for (const auto& event : posted) {
        INFO(event.key);
        REQUIRE(found[event.key] == 1);
    }
    CHECK(object_of(post(receiver, posted.back()).value()).at("result") == "duplicate");
    CHECK(object_of(post(receiver, posted.front()).value()).at("result") == "duplicate");
}

} // namespace

TEST_CASE("a sender that dies between READY and the dispatch delivers after its restart", "[process][crash]")
{
    const auto point = GENERATE(as<std::string>{}, "ready-not-dispatched", "ready-not-dispatched:2");
    auto pair = pair_crashing(which::sender, point, {{"SENDER_READY_AFTER_MS", "2000"}});
    const auto started = start_some(pair);
    check_died_at(pair.sender().process(), point);
    CHECK(arrived(pair.receiver().address(), started) < started.size());
    restart_whole(pair, which::sender);
    check_all_arrived_once(pair, started);
}

TEST_CASE("a sender that dies between the POST and its record repeats it, and the inbox does not",
          "[process][crash]")
{
    const auto point = GENERATE(as<std::string>{}, "post-not-recorded", "post-not-recorded:5");
    auto pair = pair_crashing(which::sender, point, {{"SENDER_READY_AFTER_MS", "2000"}});
    const auto started = start_some(pair);
    check_died_at(pair.sender().process(), point);
    CHECK(arrived(pair.receiver().address(), started) >= 1);
    restart_whole(pair, which::sender);
    CHECK(check_all_arrived_once(pair, started) >= 1);
}

TEST_CASE("a receiver that dies between the commit of an event and its 200 has it once, and is sent it again",
          "[process][crash]")
{
    const auto point = GENERATE(as<std::string>{}, "accept-not-answered", "accept-not-answered:4");
    auto pair = pair_crashing(which::receiver, point);
    const auto started = start_some(pair);
    check_died_at(pair.receiver().process(), point);
    restart_whole(pair, which::receiver);
    CHECK(check_all_arrived_once(pair, started) >= 1);
}

TEST_CASE("an event whose 200 never came because the receiver died is a duplicate when it is posted again",
          "[process][crash]")
{
    auto pair = pair_crashing(which::receiver, "accept-not-answered");
    const auto event = make_event("alice");
    CHECK(!post(pair.receiver().address(), event));
    check_died_at(pair.receiver().process(), "accept-not-answered");
    restart_whole(pair, which::receiver);
    check_all_kept_once(pair.receiver().address(), {event});
}

TEST_CASE("a receiver that dies in the middle of a checkpoint under way keeps what it acknowledged",
          "[process][crash]")
{
    // 40 kB an event: the 8,000 pages after which a checkpoint begins are soon written.
    constexpr std::size_t events_max = 4'000;
    const std::string padding(40'000, 'x');
    const auto point = GENERATE(as<std::string>{}, "checkpoint-under-way", "checkpoint-under-way:5000");
    auto pair = pair_crashing(which::receiver, point);
    std::vector<sample_event> acknowledged;
    std::optional<reply> answer;
    do {
        auto event = make_event("padded-" + std::to_string(acknowledged.size() / 500));
        event.body.insert(event.body.size() - 1, R"(,"padding":")" + padding + '"');
        answer = post(pair.receiver().address(), event);
        if (answer) {
            REQUIRE(answer->status == 200);
            acknowledged.push_back(event);
        }
    } while (answer && acknowledged.size() < events_max);
    check_died_at(pair.receiver().process(), point);
    REQUIRE(acknowledged.size() > 500); // which is many commits before it
    restart_whole(pair, which::receiver);
    check_all_kept_once(pair.receiver().address(), acknowledged, 1);
}

TEST_CASE("a service that dies in the checkpoint of its stop keeps what it acknowledged", "[process][crash]")
{
    const auto side = GENERATE(which::sender, which::receiver);
    const auto point = GENERATE(as<std::string>{}, "checkpoint-under-way", "checkpoint-under-way:3");
    auto pair = pair_crashing(side, point, {});
    const auto posted = post_some(pair.receiver().address());
    const auto started = start_some(pair);
    pair.side(side).process().signal(SIGTERM);
    check_died_at(pair.side(side).process(), point);
    restart_whole(pair, side);
    check_all_arrived_once(pair, started);
    check_all_kept_once(pair.receiver().address(), posted);
}

TEST_CASE("a service that dies while it stops keeps what it acknowledged", "[process][crash]")
{
    const auto side = GENERATE(which::sender, which::receiver);
    // When it has been told, with deliveries on the wire; and when all has ended but the database is open.
    const auto point = GENERATE(as<std::string>{}, "stop-under-way", "stop-under-way:2");
    auto pair = pair_crashing(side, point);
    const auto posted = post_some(pair.receiver().address());
    const auto started = start_some(pair);
    sender_api::status_when(pair.sender().address(), started.begin()->first, "READY");
    pair.side(side).process().signal(SIGTERM);
    check_died_at(pair.side(side).process(), point);
    restart_whole(pair, side);
    check_all_arrived_once(pair, started);
    check_all_kept_once(pair.receiver().address(), posted);
}

TEST_CASE("a service that dies in its migration, however often, is migrated by the next start",
          "[process][crash]")
{
    const auto side = GENERATE(which::sender, which::receiver);
    service_pair pair;
    REQUIRE(terminate(pair.side(side), std::chrono::seconds(20)) == 0);
    for (const auto* const end : {".db", ".db-wal", ".db-shm"})
        std::filesystem::remove(pair.folder() /
                                ((side == which::sender ? "sender" : "receiver") + std::string(end)));
    pair.values(side)[crash_setting(side)] = "migration-under-way";
    for (int times = 0; times < 3; ++times) {
        child process(executable(side), {}, pair.values(side));
        check_died_at(process, "migration-under-way");
    }
    restart_whole(pair, side);
    check_all_arrived_once(pair, start_some(pair));
    check_all_kept_once(pair.receiver().address(), post_some(pair.receiver().address()));
}
