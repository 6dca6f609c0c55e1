#include "tests/sim/audit.hpp"

#include "common/webhook/event.hpp"

namespace sim {

namespace json = boost::json;

namespace {

std::string text_of(const json::value& from, std::string_view member)
{
    const auto& value = from.at(member);
    return value.is_string() ? std::string(value.as_string()) : std::string();
}

} // namespace

audit::audit(machine& sender, machine& receiver, observer& watching, const app* forwarded_to,
             outbox::retry_policy policy, journal& log, asking ask)
    : sender_(sender),
      receiver_(receiver),
      observer_(watching),
      app_(forwarded_to),
      policy_(policy),
      journal_(log),
      ask_(std::move(ask))
{}

bool audit::settled(const std::vector<std::unique_ptr<visitor>>& visitors)
{
    for (const auto& each : visitors)
        if (!each->done())
            return false;
    const auto pending = ask_(sender_, "/ticketmaster/deliveries?status=pending&limit=1");
    if (!pending.at("items").as_array().empty())
        return false;
    const auto accepted = ask_(receiver_, "/user-app/events?status=accepted&limit=1");
    if (!accepted.at("items").as_array().empty())
        return false;
    for (const auto& each : visitors) {
        const auto status = ask_(sender_, "/ticketmaster/status/" + each->name());
        if (text_of(status, "status") != "READY")
            return false;
    }
    return true;
}

std::map<std::string, audit::found_delivery> audit::read_deliveries()
{
    std::map<std::string, found_delivery> found;
    std::string after;
    do {
        const auto page = ask_(sender_, "/ticketmaster/deliveries?limit=500" + after);
        for (const auto& item : page.at("items").as_array())
            found[webhook::idempotency_key_of(text_of(item, "sessionId"))] = {
                text_of(item, "userId"), text_of(item, "status"), text_of(item, "reason"),
                static_cast<unsigned>(item.at("attempts").to_number<int>())};
        const auto next = text_of(page, "next");
        after = next.empty() ? "" : "&after=" + next;
    } while (!after.empty());
    return found;
}

audit::inbox audit::read_inbox(const std::string& user)
{
    inbox events;
    const auto answer = ask_(receiver_, "/user-app/inbox/" + user);
    for (const auto& each : answer.as_array())
        ++events[text_of(each, "idempotencyKey")];
    return events;
}

void audit::judge(const std::vector<std::unique_ptr<visitor>>& visitors)
{
    const auto deliveries = read_deliveries();
    deliveries_by_status_.clear();
    for (const auto& [key, each] : deliveries) {
        ++deliveries_by_status_[each.status + (each.reason.empty() ? "" : "_" + each.reason)];
        if (each.status == "dead")
            judge_dead(key, each);
    }
    std::size_t in_inboxes = 0;
    for (const auto& each : visitors) {
        judge_visitor(*each, deliveries);
        const auto events = read_inbox(each->name());
        judge_inbox(*each, events, deliveries);
        for (const auto& [key, times] : events)
            in_inboxes += observer_.acknowledged_keys().count(key);
    }
    if (in_inboxes != observer_.acknowledged_keys().size())
        journal_.violation("the receiver acknowledged " +
                           std::to_string(observer_.acknowledged_keys().size()) + " events and holds " +
                           std::to_string(in_inboxes) + " of them");
    judge_forwarded();
    observer_.finish();
}

// Every event that was accepted has reached the app: an hour of its absence is less than the plan's.
void audit::judge_forwarded()
{
    std::string after;
    do {
        const auto page = ask_(receiver_, "/user-app/events?limit=500" + after);
        for (const auto& item : page.at("items").as_array()) {
            const auto key = text_of(item, "idempotencyKey");
            if (text_of(item, "status") != "processed")
                journal_.violation(key + " is " + text_of(item, "status") + ", and not forwarded");
            else if (app_ != nullptr && !app_->has(key))
                journal_.violation(key + " counts as forwarded, and the app never had it");
        }
        const auto next = text_of(page, "next");
        after = next.empty() ? "" : "&after=" + next;
    } while (!after.empty());
}

void audit::judge_last(const std::vector<std::unique_ptr<visitor>>& visitors, std::size_t count)
{
    const auto deliveries = read_deliveries();
    for (std::size_t i = 0; i < count; ++i) {
        const auto& each = visitors[i];
        const auto found = deliveries.find(webhook::idempotency_key_of(each->last_session()));
        if (found == deliveries.end() || found->second.status != "delivered")
            journal_.violation(each->last_session() + " of " + each->name() + " was not delivered at once");
    }
}

void audit::judge_visitor(const visitor& each, const std::map<std::string, found_delivery>& deliveries)
{
    const auto gone = observer_.told_gone_at(each.name());
    for (const auto& [session, owed] : each.sessions()) {
        const auto key = webhook::idempotency_key_of(session);
        const auto found = deliveries.find(key);
        // A receiver that said 410 took the registration away.
        if (owed && (!gone || *gone < *owed))
            judge_owed(key, found == deliveries.end() ? nullptr : &found->second);
    }
}

// A webhook that is owed was delivered, or is dead by the rules.
void audit::judge_owed(const std::string& key, const found_delivery* delivery)
{
    if (delivery == nullptr)
        journal_.violation(key + " is owed and nowhere to be found");
    else if (delivery->reason == "unregistered" || delivery->reason == "gone")
        journal_.violation(key + " is dead as " + delivery->reason + ", and its user never was");
    else if (delivery->status == "pending")
        journal_.violation(key + " is pending still");
}

void audit::judge_dead(const std::string& key, const found_delivery& delivery)
{
    if (delivery.reason == "attempts_exhausted" && delivery.attempts < policy_.attempts_max)
        journal_.violation(key + " was given up after " + std::to_string(delivery.attempts) + " attempts");
    if (delivery.reason == "gone" && !observer_.was_told_gone(key))
        journal_.violation(key + " is dead as gone, and nobody said so");
    if (observer_.was_recorded_delivered(key))
        journal_.violation(key + " is dead, and a receiver has taken it");
    if (delivery.reason == "refused_address")
        journal_.violation(key + " was refused its address");
}

void audit::judge_inbox(const visitor& each, const inbox& events,
                        const std::map<std::string, found_delivery>& deliveries)
{
    for (const auto& [key, times] : events) {
        if (times != 1)
            journal_.violation(key + " is " + std::to_string(times) + " times in the inbox of " +
                               each.name());
        const auto found = deliveries.find(key);
        if (found == deliveries.end() || found->second.user != each.name())
            journal_.violation(key + " is in the inbox of " + each.name() +
                               " and the sender knows of no such delivery");
    }
    for (const auto& [key, delivery] : deliveries)
        if (delivery.user == each.name() && delivery.status == "delivered" && events.count(key) == 0)
            journal_.violation(key + " counts as delivered and is not in the inbox of " + each.name());
}

} // namespace sim
