#pragma once

#include "bench/pairs.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace bench {

// What compare is asked for.
struct comparison
{
    std::filesystem::path first;
    std::filesystem::path second;
    unsigned pairs = pairs_usual;
    std::vector<std::string> flow; // further options of each run
};

// What flow is to be given for a run on `build`.
std::vector<std::string> run_options(const std::filesystem::path& build, const comparison& asked);

// Reads the command line. Throws std::invalid_argument with a sentence for whoever typed it, also for what
// flow would not take.
comparison read_comparison(int argc, const char* const* argv);

// What compare prints for --help.
std::string comparison_usage_text();

} // namespace bench
