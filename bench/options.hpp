#pragma once

#include "bench/conduct.hpp"
#include "bench/population.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace bench {

enum class target {
    pair,    // start -> sender -> receiver -> inbox
    sink,    // start -> sender -> a server of the bench that only counts
    receiver // signed posts -> receiver
};

struct options
{
    target what = target::pair;
    std::size_t events = 0; // 0: as many as suit the mode
    std::size_t connections = 64;
    double rate = 0;         // starts a second; 0: a closed loop
    std::size_t aged = 0;    // events that are in the databases beforehand
    std::size_t backlog = 0; // deliveries that are in the sender's, for an origin that is dead
    std::size_t waiting = 0; // users who are in the sender's, whose READY is far ahead
    std::size_t origins = 1; // of the sink
    double failing = 0;      // share of the users whose callback fails
    std::vector<conduct> failing_as{conduct::unavailable}; // those callbacks, which the users share evenly
    std::size_t on_its_way_max = 4'000; // started and not yet in the inbox; a closed loop waits for it
    unsigned limit_s = 120;             // for each phase; past it the run has failed
    std::size_t starts = 5;             // of each daemon, for its time to /readyz and its memory
    double machine_s = 1;               // for each figure of what the machine gives; 0: none
    bool as_json = false;
    std::filesystem::path build;  // whose daemons are measured
    std::filesystem::path folder; // DIR/flow-data: the bench's own, for the databases
    bool keep = false;            // leave them there
};

// Whom a run starts.
population population_of(const options& asked);

// Whether -h or --help is among the words of a command line.
bool wants_help(int argc, const char* const* argv);

// Reads the command line. Throws std::invalid_argument with a sentence for whoever typed it.
options read_options(int argc, const char* const* argv);
options read_options(const std::vector<std::string>& words);

// What --help prints.
std::string usage_text();

} // namespace bench
