#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bench {

inline constexpr unsigned pairs_usual = 5;

// Runs both in turn, `pairs` times. The second goes first in every other pair, so that what one run leaves to
// the next favours neither.
template <class First, class Second>
void run_pairs(unsigned pairs, First first, Second second)
{
    for (unsigned i = 0; i < pairs; ++i) {
        if (i % 2 == 1)
            second();
        first();
        if (i % 2 == 0)
            second();
    }
}

// What a program that runs pairs was asked for: the value of --pairs, and the words that are flow's.
struct paired_words
{
    unsigned pairs = pairs_usual;
    std::vector<std::string> flow;
};

// Reads --pairs. Throws std::invalid_argument with a sentence for whoever typed it when that is no number, or
// when one of `refused`, which the program `name` does not take, is among the words.
paired_words read_pairs(const std::vector<std::string>& words, std::string_view name,
                        const std::vector<std::string_view>& refused);

} // namespace bench
