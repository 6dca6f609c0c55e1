#include "bench/kill_run.hpp"

#include "common/webhook/event.hpp"
#include "common/webhook/instant.hpp"
#include "tests/integration/support/api.hpp"
#include "tests/integration/support/eventually.hpp"
#include "tests/integration/support/load.hpp"
#include "tests/integration/support/pair.hpp"
#include "tests/integration/support/promises.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <random>
#include <thread>

namespace bench {

using namespace integration;

namespace {

constexpr unsigned workers = 4;
constexpr std::chrono::milliseconds between_writes{1}; // of one worker: some 1,000 events a second in all
constexpr std::size_t acknowledged_before_kill = 20;
constexpr std::int64_t load_us_max = 500'000; // that the load goes on before the kill
constexpr std::size_t broken_told_max = 10;

webhook::instant wall_clock_now()
{
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

// The receiver's list of events, followed from where it was read last.
class arrivals_list
{
public:
    struct arrival
    {
        webhook::instant at;
        std::string id;
    };

    // Reads what has come since the last call, and keeps it until then.
    void look(const origin& receiver)
    {
        const std::string first_page = "/user-app/events?limit=500";
        std::string newest;
        for (auto query = first_page;;) {
            const auto page = object_of(get(receiver, query));
            for (const auto& each : page.at("items").as_array()) {
                auto id = text_of(each, "id");
                if (newest.empty())
                    newest = id;
                if (id == seen_up_to_) {
                    seen_up_to_ = newest;
                    return;
                }
                const auto at = webhook::parse_iso8601(text_of(each, "receivedAt"));
                by_key_[text_of(each, "idempotencyKey")] = {at.value(), std::move(id)};
            }
            if (page.at("next").is_null())
                break;
            query = first_page + "&after=" + text_of(page, "next");
        }
        seen_up_to_ = newest;
    }

    const arrival* of(const std::string& session) const
    {
        const auto found = by_key_.find(webhook::idempotency_key_of(session));
        return found == by_key_.end() ? nullptr : &found->second;
    }

private:
    std::string seen_up_to_;
    std::map<std::string, arrival> by_key_;
};

// How often events were posted that the receiver had, over all of its list.
std::size_t count_posted_again(const origin& receiver)
{
    const std::string first_page = "/user-app/events?limit=500";
    std::size_t count = 0;
    for (auto query = first_page;;) {
        const auto page = object_of(get(receiver, query));
        for (const auto& each : page.at("items").as_array())
            count += each.at("duplicates").to_number<std::size_t>();
        if (page.at("next").is_null())
            return count;
        query = first_page + "&after=" + text_of(page, "next");
    }
}

bool nothing_is_pending(const origin& sender)
{
    const auto page = object_of(get(sender, "/ticketmaster/deliveries?status=pending&limit=1"));
    return page.at("items").as_array().empty();
}

class kill_rounds
{
public:
    kill_rounds(const kill_options& asked, std::uint64_t seed)
        : random_(seed),
          limit_(asked.limit_s),
          pair_({{"SENDER_WAITING_AFTER_MS", "20"},
                 {"SENDER_READY_AFTER_MS", "50"},
                 {"SENDER_RETRY_BASE_MS", std::to_string(asked.retry_base_ms)},
                 {"SENDER_RETRY_MAX_MS", std::to_string(asked.retry_max_ms)}})
    {}

    void round()
    {
        const auto victim = random_() % 2 == 0 ? which::sender : which::receiver;
        (victim == which::sender ? figures_.sender_kills : figures_.receiver_kills) += 1;
        const auto of_round = write_until_killed(victim);
        const auto restarted_at = wall_clock_now();
        pair_.restart(victim);
        const auto last = wait_for_all(of_round);
        const auto took = std::max(last - restarted_at, webhook::instant::duration::zero());
        const auto took_ns = std::chrono::nanoseconds(took).count();
        figures_.restart_to_arrival.add(took_ns);
        (victim == which::sender ? figures_.after_sender_kill : figures_.after_receiver_kill).add(took_ns);
    }

    kill_figures finish()
    {
        const auto receiver = pair_.receiver().address();
        if (!eventually([&] { return nothing_is_pending(pair_.sender().address()); }, limit_))
            tell("deliveries are pending that will not end");
        for (const auto& [user, session] : sessions_)
            look_into_inbox(receiver, user, session);
        figures_.events = sessions_.size();
        figures_.posted_again = count_posted_again(receiver);
        return std::move(figures_);
    }

private:
    // Answers with the sessions whose start was acknowledged before the kill, by user.
    std::map<std::string, std::string> write_until_killed(which victim)
    {
        const auto sender = pair_.sender().address();
        const auto callback_url = pair_.callback_url();
        const auto users = unique("u");
        load writes(sender, workers, [&](unsigned worker, unsigned number) {
            std::this_thread::sleep_for(between_writes);
            return sender_write(sender, callback_url, users, worker, number);
        });
        eventually([&] { return writes.acknowledged_so_far() >= acknowledged_before_kill; });
        std::this_thread::sleep_for(
            std::chrono::microseconds(std::uniform_int_distribution<std::int64_t>(0, load_us_max)(random_)));
        pair_.kill(victim);
        promises kept;
        kept.keep_sender_writes(writes.stop());
        for (const auto& fault : kept.faults)
            tell(fault);
        sessions_.insert(kept.sessions.begin(), kept.sessions.end());
        return std::move(kept.sessions);
    }

    // Answers with when the last one arrived.
    webhook::instant wait_for_all(const std::map<std::string, std::string>& of_round)
    {
        auto missing = of_round;
        eventually(
            [&] {
                arrived_.look(pair_.receiver().address());
                std::erase_if(missing, [&](const auto& each) { return arrived_.of(each.second) != nullptr; });
                return missing.empty();
            },
            limit_);
        webhook::instant last;
        for (const auto& [user, session] : of_round)
            if (const auto* one = arrived_.of(session))
                last = std::max(last, one->at);
        return last;
    }

    void look_into_inbox(const origin& receiver, const std::string& user, const std::string& session)
    {
        auto counts = keys_in_inbox(receiver, user);
        if (counts[webhook::idempotency_key_of(session)] == 0) {
            ++figures_.lost;
            tell(user + ": the event of " + session + " is not there");
        }
        for (const auto& [key, count] : counts) {
            if (count > 1) {
                ++figures_.twice;
                tell(std::string(user).append(": ").append(key).append(" is there ") +
                     std::to_string(count).append(" times"));
            }
        }
    }

    void tell(std::string what)
    {
        if (figures_.broken.size() < broken_told_max)
            figures_.broken.push_back(std::move(what));
    }

    std::mt19937_64 random_;
    std::chrono::seconds limit_;
    service_pair pair_;
    arrivals_list arrived_;
    std::map<std::string, std::string> sessions_; // of all rounds
    kill_figures figures_;
};

} // namespace

kill_figures run_kills(const kill_options& asked, std::uint64_t seed)
{
    kill_rounds all(asked, seed);
    for (std::uint64_t round = 0; round < asked.rounds; ++round)
        all.round();
    return all.finish();
}

} // namespace bench
