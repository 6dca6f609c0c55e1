#include "tests/sim/chaos.hpp"

#include "tests/sim/scenario.hpp"

namespace sim {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t operations_before_death_max = 40;

} // namespace

chaos::chaos(const surroundings& around, machine& sender, machine& receiver, observer& watching,
             app& forwarded_to)
    : around_(around),
      sender_(sender),
      receiver_(receiver),
      observer_(watching),
      app_(forwarded_to)
{}

void chaos::begin()
{
    if (ceased_)
        return;
    for (auto* const each : {&sender_, &receiver_}) {
        strike_machine(*each);
        strike_disk(*each);
        strike_clock(*each);
    }
    strike_callbacks();
    around_.time.after(around_.draws.between(200ms, 6s), [this] { begin(); });
}

void chaos::cease()
{
    ceased_ = true;
    around_.suffered.cease();
    for (auto* const each : {&sender_, &receiver_}) {
        each->storage().mend();
        each->set_slow_until(0s);
        if (each->clock().is_off())
            set_clock(*each, 0s);
    }
    for (const auto& name : callback_hosts)
        around_.wire.answer_for(name, 500, std::nullopt, 0s);
    around_.wire.answer_for(app_host, 500, std::nullopt, 0s);
    observer_.faults_cease();
}

void chaos::strike_machine(machine& victim)
{
    if (!victim.running())
        return;
    if (around_.suffered.strike(fault::power_loss, 0.03))
        victim.kill(true);
    else if (around_.suffered.strike(fault::process_killed, 0.03))
        victim.kill(false);
    else if (victim.listening() && around_.suffered.strike(fault::graceful_stop, 0.03))
        victim.stop();
}

void chaos::strike_disk(machine& victim)
{
    if (around_.suffered.enabled(fault::death_in_disk_operation) && around_.draws.chance(0.08))
        victim.storage().die_after(1 + around_.draws.below(operations_before_death_max));
    if (around_.suffered.strike(fault::write_failed, 0.02))
        victim.storage().break_next(disk_operation::write);
    else if (around_.suffered.strike(fault::sync_failed, 0.02))
        victim.storage().break_next(disk_operation::sync);
    if (around_.suffered.strike(fault::disk_slow, 0.05))
        victim.set_slow_until(around_.time.now() + around_.draws.between(1s, 20s));
    if (around_.suffered.strike(fault::disk_full, 0.05)) {
        around_.log.note(victim.name(), "its disk is full");
        victim.storage().set_full(true);
        around_.time.after(around_.draws.between(1s, 40s), [&victim] { victim.storage().set_full(false); });
    }
}

void chaos::strike_clock(machine& victim)
{
    if (victim.clock().is_off())
        return;
    const auto step = around_.draws.between(1s, 1h);
    if (around_.suffered.strike(fault::clock_set_forward, 0.03))
        set_clock(victim, step);
    else if (around_.suffered.strike(fault::clock_set_back, 0.03))
        set_clock(victim, -step);
    else
        return;
    around_.time.after(around_.draws.between(1s, 90s), [this, &victim] { set_clock(victim, 0s); });
}

void chaos::set_clock(machine& victim, duration off)
{
    if (&victim == &sender_)
        observer_.clock_will_be_set();
    else
        app_.clock_will_be_set();
    around_.log.note(victim.name(), "its clock is set " + std::to_string(off.count() / 1'000'000) + " s off");
    victim.clock().set_off(off);
}

void chaos::strike_callbacks()
{
    for (const auto& name : callback_hosts) {
        static const std::vector<unsigned> refusals{500, 502, 503, 404, 302, 400};
        static const std::vector<std::string> waits{"0", "2", "30", "7200", "soon"};
        const auto span = around_.draws.between(500ms, 40s);
        const auto status = around_.draws.pick(refusals);
        const auto wait = around_.draws.pick(waits);
        if (around_.suffered.strike(fault::receiver_errs, 0.06))
            around_.wire.answer_for(name, status, std::nullopt, span);
        else if (around_.suffered.strike(fault::receiver_asks_to_wait, 0.04))
            around_.wire.answer_for(name, 429, wait, span);
        else if (around_.suffered.strike(fault::receiver_says_gone, 0.01))
            around_.wire.answer_for(name, 410, std::nullopt, span / 4);
    }
    if (around_.suffered.strike(fault::app_errs, 0.06))
        around_.wire.answer_for(app_host, around_.draws.pick<unsigned>({500, 503, 429, 404}),
                                around_.draws.pick<std::string>({"0", "5", "7200"}),
                                around_.draws.between(500ms, 60s));
}

} // namespace sim
