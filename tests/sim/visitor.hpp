#pragma once

#include "tests/sim/machine.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sim {

inline const std::string sender_name = "tickets.test";

// A request to the sender, with a JSON body.
std::string request_text(const std::string& method, const std::string& path, const std::string& body);

// One user: does what their script says, each step until the sender has acknowledged it, and remembers what
// was promised to them.
class visitor
{
public:
    // `callbacks` are the URLs that they may register.
    visitor(const surroundings& around, std::string name, const std::vector<std::string>& callbacks);

    void begin() { next_step(); }

    // Comes once more after the script: registers `callback` and starts, within `wait` each.
    void come_again(const std::string& callback, duration wait);

    // The session that the sender acknowledged last.
    const std::string& last_session() const { return last_session_; }

    bool done() const { return step_ == script_.size(); }
    const std::string& name() const { return name_; }

    // The sessions that the sender acknowledged, each with the moment since when the user was registered,
    // from before the session's start until now, so that its webhook is owed; nothing where they were not.
    const std::map<std::string, std::optional<duration>>& sessions() const { return sessions_; }

private:
    enum class what { subscribe, start, look, unsubscribe };
    struct step
    {
        duration wait;
        what kind;
        std::string callback;
    };

    void write_script(const std::vector<std::string>& callbacks);
    void next_step();
    void try_step();
    std::string request_of(const step& one) const;
    void before(const step& one);
    void after(const step& one, const http::exchange& answer);
    void told(const step& one, const std::string& body);
    void looked(const std::string& session, bool ready);

    surroundings around_;
    std::string name_;
    std::vector<step> script_;
    std::size_t step_ = 0;
    std::optional<duration> registered_since_; // for certain
    std::map<std::string, std::optional<duration>> sessions_;
    std::string last_session_;
    std::optional<std::string> seen_ready_; // the session that was last seen at READY
};

} // namespace sim
