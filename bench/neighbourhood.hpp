#pragma once

#include "bench/options.hpp"
#include "bench/pairs.hpp"

#include <string>
#include <vector>

namespace bench {

// The two runs whose figures neighbours compares. The same number of users of the healthy origin is started
// at the same times in both.
struct neighbourhood
{
    unsigned pairs = pairs_usual;
    options alone;  // the healthy origin's users
    options beside; // all users, those of the others among them
};

// Reads the command line. Throws std::invalid_argument with a sentence for whoever typed it.
neighbourhood read_neighbourhood(const std::vector<std::string>& words);

// What neighbours prints for --help.
std::string neighbourhood_usage_text();

} // namespace bench
