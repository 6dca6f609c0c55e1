#pragma once

#include "tests/unit/house/rules.hpp"

#include <string_view>
#include <vector>

namespace house {

enum class purity { pure, may_do_io };

// Who may include what. All are prefixes: of paths from the repository's root, or of what stands in <>.
struct room
{
    rule from;
    purity how;                           // pure: no POSIX header, and no standard one for I/O and threads
    std::vector<std::string_view> files;  // whose room it is; of several rooms the longest prefix decides
    std::vector<std::string_view> ours;   // what of the project it may include
    std::vector<std::string_view> others; // which libraries, besides the standard one
    std::vector<std::string_view> never;  // but not these
};

// The whole table.
const std::vector<room>& rooms();

} // namespace house
