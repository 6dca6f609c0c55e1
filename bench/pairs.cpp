#include "bench/pairs.hpp"

#include "bench/numbers.hpp"

#include <algorithm>
#include <stdexcept>

namespace bench {

namespace {

constexpr unsigned pairs_max = 1'000;

} // namespace

paired_words read_pairs(const std::vector<std::string>& words, std::string_view name,
                        const std::vector<std::string_view>& refused)
{
    paired_words read;
    for (auto next = words.begin(); next != words.end(); ++next) {
        if (std::find(refused.begin(), refused.end(), *next) != refused.end())
            throw std::invalid_argument(std::string(name) + " does not take " + *next + "; see --help");
        if (*next != "--pairs")
            read.flow.push_back(*next);
        else if (++next == words.end())
            throw std::invalid_argument("--pairs wants a value");
        else
            read.pairs = number_within("--pairs", *next, 1U, pairs_max);
    }
    return read;
}

} // namespace bench
