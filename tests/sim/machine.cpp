#include "tests/sim/machine.hpp"

namespace sim {

using namespace std::chrono_literals;

namespace {

// How likely it is, each time the disk is at work, that the loop goes on meanwhile.
constexpr double overlap = 0.5;
constexpr double kill_after_commit = 0.01;
constexpr duration stop_grace = 8s;

} // namespace

machine::machine(const surroundings& around, std::string name, const std::string& folder)
    : around_(around),
      name_(std::move(name)),
      database_path_(folder + "/" + name_ + ".db"),
      clock_(around.time),
      disk_(around.draws, around.suffered)
{
    disk_.on_death = [this] {
        around_.suffered.count(fault::death_in_disk_operation);
        around_.log.note(name_, "dies in a disk operation");
        must_die_ = true;
        power_failed_ = true;
    };
    // The writer is a thread of its own in the daemon: what it has told already is heard while it works on.
    disk_.meanwhile = [this] {
        if (disk_works_ && around_.draws.chance(overlap))
            life_->poll();
    };
}

void machine::start(birth begin_life, std::function<void()> death)
{
    birth_ = std::move(begin_life);
    death_ = std::move(death);
    begin();
}

void machine::begin()
{
    ++lives_;
    must_die_ = false;
    power_failed_ = false;
    stopping_ = false;
    const auto fatal = [this](const std::string& why) { disk_failed(why); };
    try {
        life_ = birth_({name_, database_path_, around_.time, clock_, around_.draws, around_.log, fatal});
        around_.log.note(name_, "begins life " + std::to_string(lives_));
    }
    catch (const std::exception& failure) {
        around_.log.note(name_, std::string("does not start: ") + failure.what());
        forbid_corruption(failure.what());
        disk_.power_off();
        begin_again();
    }
}

// The process ends. The power may hold: then its next life sees what a failed sync left in memory alone.
void machine::disk_failed(const std::string& why)
{
    if (!disk_.powered())
        return; // it is dead already
    around_.log.note(name_, "its disk failed, and the process ends: " + why);
    forbid_corruption(why);
    must_die_ = true;
    power_failed_ = around_.draws.chance(0.5);
}

// Nothing that happens to a disk here may damage a database.
void machine::forbid_corruption(const std::string& why)
{
    if (why.find("malformed") != std::string::npos || why.find("not a database") != std::string::npos)
        around_.log.violation(name_ + " has a damaged database: " + why);
}

void machine::receive(const std::string& bytes, std::function<void(std::string)> answer)
{
    life_->receive(bytes, std::move(answer));
}

void machine::ask(http::request message, std::string target, std::function<void(http::response)> answer)
{
    life_->ask(std::move(message), std::move(target), std::move(answer));
}

void machine::settle()
{
    if (life_ == nullptr)
        return;
    if (life_->poll())
        plan_disk();
    if (must_die_)
        bury();
}

void machine::plan_disk()
{
    if (disk_planned_)
        return;
    disk_planned_ = true;
    const bool slow = around_.time.now() < slow_until_;
    const auto latency = slow ? around_.draws.between(5ms, 400ms) : around_.draws.between(50us, 900us);
    around_.time.after(latency, [this] {
        disk_planned_ = false;
        if (life_ != nullptr)
            work_disk();
    });
}

void machine::work_disk()
{
    disk_works_ = true;
    const bool more = life_->step_disk();
    disk_works_ = false;
    // Between a commit and whoever waits for it.
    if (!must_die_ && around_.suffered.strike(fault::process_killed, kill_after_commit)) {
        around_.log.note(name_, "is killed before anybody hears of what is on its disk");
        must_die_ = true;
    }
    if (must_die_)
        bury();
    else if (more)
        plan_disk();
}

void machine::kill(bool power_failed)
{
    if (life_ == nullptr)
        return;
    around_.log.note(name_, power_failed ? "loses its power" : "is killed");
    power_failed_ = power_failed;
    bury();
}

void machine::stop()
{
    if (!listening())
        return;
    around_.log.note(name_, "is told to stop");
    stopping_ = true;
    life_->begin_stop();
    around_.time.after(around_.draws.between(0us, stop_grace), [this, life = lives_] {
        if (life_ != nullptr && lives_ == life)
            finish_stop();
    });
}

void machine::finish_stop()
{
    if (!life_->unwind(false))
        around_.log.violation(name_ + " does not come to an end when it is told to stop");
    life_->close();
    if (!must_die_)
        around_.log.note(name_, "has stopped");
    bury();
}

// Nothing of the life that is over reaches the disk or the wire any more.
void machine::bury()
{
    disk_.power_off();
    stopping_ = true;
    if (!life_->unwind(true))
        around_.log.violation(name_ + " leaves something behind when it ends");
    life_.reset();
    around_.wire.break_to(*this);
    death_();
    begin_again();
}

void machine::begin_again()
{
    around_.time.after(around_.draws.between(20ms, 6s), [this] {
        disk_.restart(power_failed_);
        begin();
    });
}

} // namespace sim
