// SIGKILL at any moment: nothing acknowledged is lost, and nothing is in an inbox twice.
#include "tests/catch.hpp"
#include "tests/integration/support/api.hpp"
#include "tests/integration/support/environment.hpp"
#include "tests/integration/support/eventually.hpp"
#include "tests/integration/support/load.hpp"
#include "tests/integration/support/pair.hpp"

#include <map>
#include <random>
#include <set>
#include <thread>

using namespace integration;

namespace {

constexpr unsigned workers = 4;
constexpr std::size_t acknowledged_before_kill = 20;

// Quick sessions and retries, so that a round's events arrive within seconds of it.
const settings quick_sender{{"SENDER_WAITING_AFTER_MS", "50"}, {"SENDER_READY_AFTER_MS", "100"}};

// What was acknowledged, and so must be there at the end.
struct promises
{
    std::map<std::string, std::string> sessions;     // by the user who started them
    std::set<std::string> registered;                // users
    std::vector<sample_event> events;                // posted to the receiver and acknowledged
    std::vector<sample_event> unacknowledged_events; // posted again, once the receiver is back
    std::vector<std::string> faults;
};

// The events of one round, made beforehand, so that the ledger can name them by their place.
class event_supply
{
public:
    event_supply(const origin& receiver, std::size_t count)
    {
        for (std::size_t made = 0; made < count; ++made) {
            // At most 500 events a user: an inbox shows the newest 1,000.
            if (made % 500 == 0)
                user_ = unique("direct");
            events_.push_back(make_event(user_));
            requests_.push_back(webhook_request(receiver, events_.back(), test_secret));
        }
    }

    load_request next()
    {
        const auto taken =
            next_++ % events_.size(); // more than there are: the first ones again, as duplicates
        return {std::to_string(taken), requests_[taken]};
    }

    const sample_event& named(const std::string& name) const { return events_.at(std::stoul(name)); }

private:
    std::string user_;
    std::vector<sample_event> events_;
    std::vector<std::string> requests_;
    std::atomic<std::size_t> next_{0};
};

// Registers and starts one user after another: an even number registers, the odd one after it starts.
load_request sender_write(const origin& sender, const std::string& callback_url, const std::string& round,
                          unsigned worker, unsigned number)
{
    const auto user = round + "-" + std::to_string(worker) + "-" + std::to_string(number / 2);
    if (number % 2 == 1)
        return {"start " + user, request_bytes(sender, "POST", "/ticketmaster/start/" + user)};
    return {"register " + user, request_bytes(sender, "POST", "/ticketmaster/register/" + user,
                                              {{"Content-Type", "application/json"}},
                                              R"({"callbackUrl":")" + callback_url + R"("})")};
}

void keep_sender_promises(const ledger& writes, promises& kept)
{
    for (const auto& [name, answer] : writes.acknowledged) {
        const auto user = name.substr(name.find(' ') + 1);
        if (name.starts_with("start "))
            kept.sessions[user] = text_of(object_of(answer), "sessionId");
        else
            kept.registered.insert(user);
    }
    kept.faults.insert(kept.faults.end(), writes.faults.begin(), writes.faults.end());
}

void keep_receiver_promises(const ledger& writes, const event_supply& supply, promises& kept)
{
    for (const auto& each : writes.acknowledged)
        kept.events.push_back(supply.named(each.name));
    for (const auto& name : writes.unacknowledged)
        kept.unacknowledged_events.push_back(supply.named(name));
    kept.faults.insert(kept.faults.end(), writes.faults.begin(), writes.faults.end());
}

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
    keep_sender_promises(sender_writes, kept);
    keep_receiver_promises(receiver_writes, supply, kept);
    pair.restart(victim);
    return (victim == which::sender ? sender_writes : receiver_writes).unacknowledged.size();
}

// How often each idempotency key is in the inbox of a user.
std::map<std::string, int> keys_in_inbox(const origin& receiver, const std::string& user)
{
    std::map<std::string, int> counts;
    for (const auto& event : receiver_api::inbox(receiver, user))
        ++counts[text_of(event.as_object(), "idempotencyKey")];
    return counts;
}

// The acknowledged events that are not in their inbox, or there more than once.
std::vector<std::string> broken_event_promises(const origin& receiver, const promises& kept)
{
    std::vector<std::string> broken;
    std::map<std::string, std::map<std::string, int>> inboxes;
    for (const auto& event : kept.events) {
        auto [inbox, is_new] = inboxes.try_emplace(event.user);
        if (is_new)
            inbox->second = keys_in_inbox(receiver, event.user);
        if (inbox->second[event.key] != 1)
            broken.push_back(event.key + " is there " + std::to_string(inbox->second[event.key]) + " times");
    }
    return broken;
}

// The acknowledged sessions whose event does not come, or came more than once.
std::vector<std::string> broken_session_promises(const origin& receiver, const promises& kept)
{
    std::vector<std::string> broken;
    for (const auto& one : kept.sessions) {
        const auto& user = one.first;
        const auto key = "evt_" + one.second + "_active";
        std::map<std::string, int> counts;
        eventually([&] {
            counts = keys_in_inbox(receiver, user);
            return counts[key] > 0;
        });
        for (const auto& [each, count] : counts) {
            if (count != 1)
                broken.push_back(each + " is there " + std::to_string(count) + " times");
        }
        if (counts[key] == 0)
            broken.push_back(key + " never came");
        if (broken.size() > 5) // enough to see; each missing one was waited for
            break;
    }
    return broken;
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
