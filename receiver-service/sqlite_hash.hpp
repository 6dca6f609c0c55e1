#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace receiver::sqlite {

// Texts to 64 bits.
using hash_function = std::int64_t (*)(std::initializer_list<std::string_view> parts);

// 64 bits of a digest of `parts` joined. What it gives is stored, so it never changes. Not a secret: the
// store expects texts that collide. Thread-safe.
std::int64_t hash_of(std::initializer_list<std::string_view> parts);

} // namespace receiver::sqlite
