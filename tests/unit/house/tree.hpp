#pragma once

#include "tests/unit/house/source.hpp"

#include <filesystem>
#include <vector>

namespace house {

// Every file below `root` that a person wrote and a machine runs: C++, CMake, and the scripts. Not what was
// built, and not the text that only people read. Throws when one cannot be read.
std::vector<source> read_tree(const std::filesystem::path& root);

// The whole text of one file. Throws when it cannot be read.
std::string read_text(const std::filesystem::path& file);

} // namespace house
