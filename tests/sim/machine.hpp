#pragma once

#include "tests/sim/disk.hpp"
#include "tests/sim/life.hpp"
#include "tests/sim/network.hpp"

#include <functional>
#include <memory>
#include <string>

namespace sim {

// What every part of a run shares.
struct surroundings
{
    scheduler& time;
    random& draws;
    faults& suffered;
    journal& log;
    network& wire;
};

// A machine: its clock, its disk, and one life of its service after another.
class machine final : public host
{
public:
    using birth = std::function<std::unique_ptr<life>(const life_setting&)>;

    machine(const surroundings& around, std::string name, const std::string& folder);

    // Begins the first life. `death` is told of the end of each.
    void start(birth begin_life, std::function<void()> death);

    bool listening() const override { return life_ != nullptr && !stopping_; }
    void receive(const std::string& bytes, std::function<void(std::string)> answer) override;

    // Has one request answered by the life that is on; there must be one.
    void ask(http::request message, std::string target, std::function<void(http::response)> answer);

    // Does what can be done at this instant.
    void settle();

    // Ends the life at once: the process alone, or the power of the machine.
    void kill(bool power_failed);

    // Ends it as SIGTERM does.
    void stop();

    bool running() const { return life_ != nullptr; }
    void set_slow_until(duration at) { slow_until_ = at; }

    const std::string& name() const { return name_; }
    wall_clock& clock() { return clock_; }
    disk& storage() { return disk_; }

private:
    void begin();
    void disk_failed(const std::string& why);
    void forbid_corruption(const std::string& why);
    void finish_stop();
    void bury();
    void begin_again();
    void plan_disk();
    void work_disk();

    surroundings around_;
    std::string name_;
    std::string database_path_;
    wall_clock clock_;
    disk disk_;
    birth birth_;
    std::function<void()> death_;
    std::unique_ptr<life> life_;
    std::uint64_t lives_ = 0;
    bool stopping_ = false;
    bool disk_planned_ = false;
    bool disk_works_ = false;
    bool must_die_ = false;
    bool power_failed_ = false;
    duration slow_until_{0};
};

} // namespace sim
