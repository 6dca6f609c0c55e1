#pragma once

#include "tests/sim/machine.hpp"
#include "tests/sim/origin_rules.hpp"
#include "tests/sim/wire_watch.hpp"

#include <set>
#include <string>
#include <string_view>

namespace sim {

inline const std::string app_host = "my-app.test";
inline constexpr std::string_view app_url = "http://my-app.test/events";

// The operator's app, which the receiver forwards to, and the judge of every attempt to do so.
class app final : public host, public wire_watch
{
public:
    app(const surroundings& around, const wall_clock& receiver_clock,
        const outbox::dispatch_settings& settings);

    // Goes down at a random moment, for an hour, if the seed has that.
    void begin();

    bool listening() const override { return !down_; }
    void receive(const std::string& bytes, std::function<void(std::string)> answer) override;

    std::string attempt_begins(const http::outgoing& message) override;
    void attempt_ends(const std::string& key, const std::string& url, const http::exchange& how) override;

    // The receiver's machine: a new life, or a clock that is about to be set.
    void receiver_died() { rules_.sender_died(); }
    void clock_will_be_set() { rules_.clock_will_be_set(); }

    bool has(const std::string& key) const { return taken_.contains(key); }

private:
    surroundings around_;
    origin_rules rules_;
    bool down_ = false;
    std::set<std::string> taken_; // the keys that it answered 200 for
};

} // namespace sim
