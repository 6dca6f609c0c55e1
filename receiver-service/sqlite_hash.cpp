#include "receiver-service/sqlite_hash.hpp"

#include "common/webhook/hmac.hpp"

#include <array>
#include <cstddef>
#include <string>

namespace receiver::sqlite {

namespace {

constexpr std::array<std::uint8_t, 16> fixed_key{'r', 'e', 'c', 'e', 'i', 'v', 'e', 'r',
                                                 '.', 'e', 'v', 'e', 'n', 't', 's', '1'};

} // namespace

std::int64_t hash_of(std::initializer_list<std::string_view> parts)
{
    thread_local webhook::keyed_hmac hmac{fixed_key}; // kept prepared: a third of a digest from scratch
    const auto digest = hmac(parts);
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < sizeof bits; ++i)
        bits = bits << 8 | digest[i];
    return static_cast<std::int64_t>(bits);
}

event_hashes hashes_of(std::string_view user_id, std::string_view idempotency_key, unsigned shift,
                       hash_function hash)
{
    // Neither text can hold the separator.
    return {hash({user_id}), hash({user_id, "\n", idempotency_key, "\n", std::to_string(shift)})};
}

} // namespace receiver::sqlite
