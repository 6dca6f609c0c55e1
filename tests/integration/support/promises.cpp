#include "tests/integration/support/promises.hpp"

#include "tests/integration/support/api.hpp"
#include "tests/integration/support/eventually.hpp"
#include "tests/integration/support/service.hpp"

namespace integration {

event_supply::event_supply(const origin& receiver, std::size_t count)
{
    for (std::size_t made = 0; made < count; ++made) {
        // At most 500 events a user: an inbox shows the newest 1,000.
        if (made % 500 == 0)
            user_ = unique("direct");
        events_.push_back(make_event(user_));
        requests_.push_back(webhook_request(receiver, events_.back(), test_secret));
    }
}

load_request event_supply::next()
{
    const auto taken = next_++ % events_.size();
    return {std::to_string(taken), requests_[taken]};
}

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

void promises::keep_sender_writes(const ledger& writes)
{
    for (const auto& [name, answer] : writes.acknowledged) {
        const auto user = name.substr(name.find(' ') + 1);
        if (name.starts_with("start "))
            sessions[user] = text_of(object_of(answer), "sessionId");
        else
            registered.insert(user);
    }
    faults.insert(faults.end(), writes.faults.begin(), writes.faults.end());
}

void promises::keep_receiver_writes(const ledger& writes, const event_supply& supply)
{
    for (const auto& each : writes.acknowledged)
        events.push_back(supply.named(each.name));
    for (const auto& name : writes.unacknowledged)
        unacknowledged_events.push_back(supply.named(name));
    faults.insert(faults.end(), writes.faults.begin(), writes.faults.end());
}

std::map<std::string, int> keys_in_inbox(const origin& receiver, const std::string& user)
{
    std::map<std::string, int> counts;
    for (const auto& event : receiver_api::inbox(receiver, user))
        ++counts[text_of(event.as_object(), "idempotencyKey")];
    return counts;
}

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

} // namespace integration
