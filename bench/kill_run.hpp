#pragma once

#include "bench/kill_options.hpp"
#include "bench/samples.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace bench {

// What the kills came to.
struct kill_figures
{
    std::size_t sender_kills = 0;
    std::size_t receiver_kills = 0;
    std::size_t events = 0;          // of sessions whose start was acknowledged
    std::size_t lost = 0;            // of those, not in the inbox in the end
    std::size_t twice = 0;           // keys that are in an inbox more than once
    std::size_t posted_again = 0;    // posted to the receiver when it had them
    std::vector<std::string> broken; // the first of those, for people, and what no client may see
    samples restart_to_arrival;      // of the last event started before the kill; 0 where all had arrived
    samples after_sender_kill;       // the same, by victim
    samples after_receiver_kill;
};

// Kills and restarts, as often as `asked`; the victims and the moments are of `seed`. Throws
// std::runtime_error when a daemon does not come up again.
kill_figures run_kills(const kill_options& asked, std::uint64_t seed);

} // namespace bench
