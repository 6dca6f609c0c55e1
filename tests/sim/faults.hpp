#pragma once

#include "tests/sim/random.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace sim {

// Everything that a run may suffer. A seed enables some of them, so that each is also seen alone.
enum class fault {
    power_loss,
    process_killed,
    death_in_disk_operation,
    graceful_stop,
    unsynced_write_dropped,
    unsynced_write_torn,
    disk_full,
    write_failed,
    sync_failed,
    disk_slow,
    request_lost,
    request_delayed,
    request_duplicated,
    request_truncated,
    response_lost,
    response_late,
    response_truncated,
    receiver_errs,
    receiver_asks_to_wait,
    receiver_says_gone,
    clock_set_forward,
    clock_set_back,
    second_visit,
    registered_again,
    unregistered,
    origin_paused,
    dead_redelivered,
    dead_neighbour,
    app_down,
    app_errs,
    count_
};

inline constexpr auto fault_kinds = static_cast<std::size_t>(fault::count_);

std::string_view to_string(fault kind);

using fault_counts = std::array<std::uint64_t, fault_kinds>;

// Which faults a run suffers, how often, and how often each was injected.
class faults
{
public:
    explicit faults(random& draws);

    // Draws whether `kind` happens now, which it does with `probability` where the seed enabled it; counts
    // it.
    bool strike(fault kind, double probability);

    bool enabled(fault kind) const { return active_ && enabled_[static_cast<std::size_t>(kind)]; }
    void count(fault kind) { ++counts_[static_cast<std::size_t>(kind)]; }
    const fault_counts& counts() const { return counts_; }

    // Nothing goes wrong any more.
    void cease() { active_ = false; }

private:
    random& random_;
    std::array<bool, fault_kinds> enabled_{};
    fault_counts counts_{};
    bool active_ = true;
};

} // namespace sim
