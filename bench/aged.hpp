#pragma once

#include <cstddef>
#include <filesystem>

namespace bench {

// Fills a receiver's database with `count` events of users who are not the generator's.
void age_receiver(const std::filesystem::path& database, std::size_t count);

// Fills a sender's database with `count` delivered sessions of the same users.
void age_sender(const std::filesystem::path& database, std::size_t count);

} // namespace bench
