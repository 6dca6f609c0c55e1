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

// What an event is found by. Another event under the same hashes makes way for it to the next `shift`, so
// whoever deletes events must not leave a gap before one with a greater shift.
struct event_hashes
{
    std::int64_t user;
    std::int64_t key;
};

event_hashes hashes_of(std::string_view user_id, std::string_view idempotency_key, unsigned shift,
                       hash_function hash);

} // namespace receiver::sqlite
