#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace test {

// Everything that a test draws, from one seed: SplitMix64 (Steele, Lea, Flood 2014), the same on every
// machine, which the standard's distributions are not.
class seeded_random
{
public:
    explicit seeded_random(std::uint64_t seed) : state_(seed) {}

    std::uint64_t bits()
    {
        state_ += 0x9e3779b97f4a7c15U;
        auto mixed = state_;
        mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9U;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebU;
        return mixed ^ (mixed >> 31);
    }

    // From [0, limit); `limit` is not 0.
    std::size_t below(std::size_t limit) { return static_cast<std::size_t>(bits() % limit); }

    // True with a probability from 0 to 1.
    bool chance(double probability)
    {
        return static_cast<double>(bits() >> 11) < probability * static_cast<double>(std::uint64_t{1} << 53);
    }

    template <class T>
    const T& pick(const std::vector<T>& from)
    {
        return from[below(from.size())];
    }

private:
    std::uint64_t state_;
};

} // namespace test
