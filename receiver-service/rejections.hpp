#pragma once

#include "common/webhook/instant.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>

namespace receiver {

using webhook::instant;

inline constexpr std::size_t rejections_max = 100;

// One refused request. Never holds a secret or an expected signature.
struct rejection
{
    instant at;
    std::string remote;
    unsigned status = 0;
    std::string reason; // one of a fixed set of words
    std::string detail; // the same to a person, with figures
};

// The last refused requests, in memory, and how often each reason was met since the start. For one loop.
class rejections
{
public:
    void add(rejection refused);

    const std::deque<rejection>& newest_first() const { return latest_; }
    const std::map<std::string, std::uint64_t, std::less<>>& counts() const { return counts_; }

private:
    std::deque<rejection> latest_;
    std::map<std::string, std::uint64_t, std::less<>> counts_;
};

} // namespace receiver
