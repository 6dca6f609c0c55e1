#pragma once

#include "common/storage/connection.hpp"

#include <cstdint>

namespace storage {

// Who needs it: to give a page back, the last one of the file is moved, for which everybody waits.
inline constexpr std::int64_t shrunk_pages_max = 500; // at once: 2 MB

// What a file may keep for what is still to come.
inline constexpr std::int64_t spare_pages_max = 1'000;
inline constexpr std::int64_t spare_fraction = 8; // or one page in so many, whichever is more

// Gives back to the file system some of what deleted rows have left in the file, when that is much. Within
// the transaction that runs; the file is cut when a checkpoint has moved the log into it. Throws
// sqlite_error.
void shrink(connection& db);

} // namespace storage
