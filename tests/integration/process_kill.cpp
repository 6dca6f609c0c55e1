// SIGKILL at any moment: nothing acknowledged is lost, and nothing is in an inbox twice.
#include "tests/catch.hpp"
#include "tests/integration/support/api.hpp"
#include "tests/integration/support/environment.hpp"
#include "tests/integration/support/eventually.hpp"
#include "tests/integration/support/pair.hpp"
#include "tests/integration/support/promises.hpp"

#include <random>
#include <thread>

using namespace integration;

namespace {

constexpr unsigned workers = 4;
constexpr std::size_t acknowledged_before_kill = 20;

// Quick sessions and retries, so that a round's events arrive within seconds of it.
const settings quick_sender{{"SENDER_WAITING_AFTER_MS", "50"}, {"SENDER_READY_AFTER_MS", "100"}};

// Writes to both services, kills one of them while it is written to, and starts it again. Answers with how
// many of its writes were sent and not acknowledged.
std::size_t kill_round(service_pair& pair, which victim, std::chrono::microseconds more_load, promises& kept)
{
    const auto sender = pair.sender().address();
    const auto receiver = pair.receiver().address();
    const auto callback_url = pair.callback_url();
    const auto round = unique("u");
    event_supply supply(receiver, 1'000);
    load sender_load(sender, workers, [&](unsigned worker, unsigned number) {
        return sender_write(sender, callback_url, round, worker, number);
    });
    load receiver_load(receiver, workers, [&](unsigned, unsigned) { return supply.next(); });
    auto& victims_load = victim == which::sender ? sender_load : receiver_load;
    eventually([&] { return victims_load.acknowledged_so_far() >= acknowledged_before_kill; });
    std::this_thread::sleep_for(more_load); // so that the kill comes at any point of a commit
    pair.kill(victim);
    const auto sender_writes = sender_load.stop();
    const auto receiver_writes = receiver_load.stop();
    kept.keep_sender_writes(sender_writes);
    kept.keep_receiver_writes(receiver_writes, supply);
    pair.restart(victim);
    return (victim == which::sender ? sender_writes : receiver_writes).unacknowledged.size();
}

} // namespace

TEST_CASE("SIGKILL of either service under load loses nothing acknowledged and repeats nothing", "[process]")
{
    const auto rounds = std::stoul(variable("INTEGRATION_KILL_ROUNDS").value_or("30"));
    service_pair pair(quick_sender);
    promises kept;
    std::mt19937 random(static_cast<unsigned>(rounds));
    std::size_t counted = 0;
    for (std::size_t round = 0; counted < rounds && round < 3 * rounds; ++round) {
        const auto victim = counted % 2 == 0 ? which::receiver : which::sender;
        const auto unacknowledged =
            kill_round(pair, victim, std::chrono::microseconds(random() % 50'000), kept);
        counted += unacknowledged > 0 ? 1 : 0;
    }
    REQUIRE(counted == rounds);
    CAPTURE(kept.faults);
    CHECK(kept.faults.empty());

    for (const auto& event : kept.unacknowledged_events) {
        const auto bytes = webhook_request(pair.receiver().address(), event, test_secret);
        REQUIRE(ask_raw(pair.receiver().address(), bytes).value().status == 200);
        kept.events.push_back(event);
    }
    REQUIRE(kept.events.size() > rounds * 5);
    REQUIRE(kept.sessions.size() > rounds * 5);
    const auto broken_events = broken_event_promises(pair.receiver().address(), kept);
    const auto broken_sessions = broken_session_promises(pair.receiver().address(), kept);
    CAPTURE(broken_events, broken_sessions);
    CHECK(broken_events.empty());
    CHECK(broken_sessions.empty());
    for (const auto& user : kept.registered)
        REQUIRE(sender_api::status(pair.sender().address(), user).at("registered") == true);
}
