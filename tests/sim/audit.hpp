#pragma once

#include "tests/sim/app.hpp"
#include "tests/sim/machine.hpp"
#include "tests/sim/observer.hpp"
#include "tests/sim/visitor.hpp"

#include <boost/json/value.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace sim {

// Asks both services, through their own APIs, what they hold, and compares it with what was promised.
class audit
{
public:
    using asking = std::function<boost::json::value(machine& whom, const std::string& path)>;

    // `ask` answers with the JSON of GET `path`. `forwarded_to` is null when the receiver forwards nothing.
    audit(machine& sender, machine& receiver, observer& watching, const app* forwarded_to,
          outbox::retry_policy policy, journal& log, asking ask);

    // True when nothing is left to do: no session runs, no delivery is pending, no event is to be forwarded.
    bool settled(const std::vector<std::unique_ptr<visitor>>& visitors);

    // Once settled: tells the journal of every promise that was not kept.
    void judge(const std::vector<std::unique_ptr<visitor>>& visitors);

    // The session that each of the first `count` visitors began last has been delivered.
    void judge_last(const std::vector<std::unique_ptr<visitor>>& visitors, std::size_t count);

    // How many deliveries the sender holds of each status, a dead one with its reason; after judge().
    const std::map<std::string, std::size_t>& deliveries() const { return deliveries_by_status_; }

private:
    struct found_delivery
    {
        std::string user;
        std::string status;
        std::string reason;
        unsigned attempts = 0;
    };
    using inbox = std::map<std::string, unsigned>; // how often each key is there

    std::map<std::string, found_delivery> read_deliveries();
    inbox read_inbox(const std::string& user);
    void judge_visitor(const visitor& each, const std::map<std::string, found_delivery>& deliveries);
    void judge_owed(const std::string& key, const found_delivery* delivery);
    void judge_inbox(const visitor& each, const inbox& events,
                     const std::map<std::string, found_delivery>& deliveries);
    void judge_dead(const std::string& key, const found_delivery& delivery);
    void judge_forwarded();

    machine& sender_;
    machine& receiver_;
    observer& observer_;
    const app* app_;
    outbox::retry_policy policy_;
    journal& journal_;
    asking ask_;
    std::map<std::string, std::size_t> deliveries_by_status_;
};

} // namespace sim
