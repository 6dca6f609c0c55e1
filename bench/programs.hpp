#pragma once

#include <filesystem>

namespace bench {

// Where the build folder `build` has its daemons.
std::filesystem::path sender_program(const std::filesystem::path& build);
std::filesystem::path receiver_program(const std::filesystem::path& build);

// Throws std::invalid_argument, naming the first of the two daemons that `build` does not have.
void require_programs(const std::filesystem::path& build);

} // namespace bench
