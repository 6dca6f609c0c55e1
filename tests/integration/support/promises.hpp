#pragma once

#include "tests/integration/support/load.hpp"
#include "tests/integration/support/signing.hpp"

#include <atomic>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace integration {

// The events of one load, made beforehand, so that the ledger can name them by their place. Thread-safe.
class event_supply
{
public:
    event_supply(const origin& receiver, std::size_t count);

    load_request next(); // more than there are: the first ones again, as duplicates
    const sample_event& named(const std::string& name) const { return events_.at(std::stoul(name)); }

private:
    std::string user_;
    std::vector<sample_event> events_;
    std::vector<std::string> requests_;
    std::atomic<std::size_t> next_{0};
};

// Registers and starts one user after another: an even number registers, the odd one after it starts. Their
// names begin with `round`.
load_request sender_write(const origin& sender, const std::string& callback_url, const std::string& round,
                          unsigned worker, unsigned number);

// What was acknowledged, and so must be there at the end.
struct promises
{
    std::map<std::string, std::string> sessions;     // by the user who started them
    std::set<std::string> registered;                // users
    std::vector<sample_event> events;                // posted to the receiver and acknowledged
    std::vector<sample_event> unacknowledged_events; // posted again, once the receiver is back
    std::vector<std::string> faults;

    void keep_sender_writes(const ledger& writes); // of sender_write()
    void keep_receiver_writes(const ledger& writes, const event_supply& supply);
};

// How often each idempotency key is in the inbox of a user.
std::map<std::string, int> keys_in_inbox(const origin& receiver, const std::string& user);

// The acknowledged events that are not in their inbox, or there more than once.
std::vector<std::string> broken_event_promises(const origin& receiver, const promises& kept);

// The acknowledged sessions whose event does not come, or came more than once; waits for those to come.
std::vector<std::string> broken_session_promises(const origin& receiver, const promises& kept);

} // namespace integration
