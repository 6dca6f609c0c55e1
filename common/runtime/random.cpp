#include "common/runtime/random.hpp"

#include <openssl/rand.h>

#include <array>
#include <cstddef>
#include <stdexcept>
#include <utility>

namespace runtime {

namespace {

constexpr std::size_t drawn_at_once = 32;

} // namespace

std::uint64_t system_random()
{
    // OpenSSL takes as long for 8 bytes as for some hundreds, more than 1 us, and asks for the process's id.
    thread_local std::array<std::uint64_t, drawn_at_once> drawn;
    thread_local std::size_t left = 0;
    if (left == 0) {
        if (RAND_bytes(reinterpret_cast<unsigned char*>(drawn.data()), sizeof drawn) != 1)
            throw std::runtime_error("OpenSSL's random generator failed");
        left = drawn.size();
    }
    return std::exchange(drawn[--left], 0); // what was given away is nobody's to find here
}

std::string make_uuid(const random_source& random)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::array<std::uint64_t, 2> halves{random(), random()};
    halves[0] = (halves[0] & ~std::uint64_t{0xf000}) | 0x4000;                      // the version
    halves[1] = (halves[1] & ~(std::uint64_t{3} << 62)) | (std::uint64_t{2} << 62); // the variant
    std::string text;
    text.reserve(36);
    for (const auto half : halves)
        for (int shift = 60; shift >= 0; shift -= 4) {
            if (text.size() == 8 || text.size() == 13 || text.size() == 18 || text.size() == 23)
                text.push_back('-');
            text.push_back(digits[(half >> shift) & 0xf]);
        }
    return text;
}

double uniform(const random_source& random, double low, double high)
{
    constexpr double bits_53 = 9007199254740992.0; // 2^53, what a double holds exactly
    return low + (high - low) * (static_cast<double>(random() >> 11) / bits_53);
}

} // namespace runtime
