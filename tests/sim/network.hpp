#pragma once

#include "common/http/exchange.hpp"
#include "tests/sim/faults.hpp"
#include "tests/sim/scheduler.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace sim {

// A machine as the network sees it.
class host
{
public:
    virtual ~host() = default;

    virtual bool listening() const = 0;

    // Takes what came on one connection; `answer` is called with the bytes of the response, unless the
    // machine dies before, or nothing is worth an answer.
    virtual void receive(const std::string& bytes, std::function<void(std::string)> answer) = 0;
};

// Carries requests and responses between machines, and loses, delays, repeats and cuts them.
class network
{
public:
    using completion = std::function<void(const http::exchange&)>;

    network(scheduler& time, random& draws, faults& suffered) : time_(time), random_(draws), faults_(suffered)
    {}

    // `name` is a host:port as URLs write it.
    void connect(const std::string& name, host& machine) { hosts_[name] = &machine; }

    // Nobody listens at `name` any more.
    void disconnect(const std::string& name) { hosts_.erase(name); }

    // Makes whoever stands before `name` answer with `status` itself for `span`.
    void answer_for(const std::string& name, unsigned status, std::optional<std::string> retry_after,
                    duration span);

    // Nobody answers at `name`, until the span is over: requests arrive nowhere.
    void swallow_for(const std::string& name, duration span) { swallowed_[name] = time_.now() + span; }

    enum class order {
        any, // a request may arrive late, even after its deadline, and more than once
        kept // it arrives in order and once, or not at all
    };

    // Sends one request and tells how it ended, after `deadline` at the latest.
    void send(const std::string& from, const std::string& to, std::string bytes, duration deadline,
              order arrival, completion done);

    // Ends what is under way from the machine `from`, as its death does: its connections break.
    void break_from(const std::string& from);

    // Ends what waits for an answer of `to`, which died.
    void break_to(const host& to);

private:
    struct flight
    {
        std::string from;
        host* to = nullptr;
        completion done;
        bool at_host = false; // the request is there, the answer is not
    };
    using flight_id = std::uint64_t;

    struct stand_in
    {
        unsigned status = 0;
        std::optional<std::string> retry_after;
        duration until{0};
    };

    duration latency();
    void deliver(flight_id id, const std::string& to, const std::string& bytes, bool answered);
    void carry_back(flight_id id, std::string response);
    void finish(flight_id id, const http::exchange& how);
    std::optional<std::string> answer_of_stand_in(const std::string& name);

    scheduler& time_;
    random& random_;
    faults& faults_;
    std::map<std::string, host*> hosts_;
    std::map<std::string, stand_in> stand_ins_;
    std::map<std::string, duration> swallowed_;
    std::map<flight_id, flight> flights_;
    flight_id next_id_ = 1;
};

} // namespace sim
