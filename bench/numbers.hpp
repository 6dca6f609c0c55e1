#pragma once

#include <charconv>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

namespace bench {

// 12345.6 as "12,345.6".
std::string number_text(double number, int decimals);

// The number that `text` is, for the option `name`. Throws std::invalid_argument with a sentence for whoever
// typed it when it is none, or not from `least` to `most`.
template <class Number>
Number number_within(std::string_view name, std::string_view text, Number least, Number most)
{
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool is_whole_text = error == std::errc{} && end == text.data() + text.size();
    if (is_whole_text && value >= least && value <= most) // not a number is neither
        return value;
    const std::string kind = std::is_integral_v<Number> ? "a whole number" : "a number";
    throw std::invalid_argument(std::string(name) + " wants " + kind + " from " +
                                number_text(static_cast<double>(least), 0) + " to " +
                                number_text(static_cast<double>(most), 0) + ", not " + std::string(text));
}

} // namespace bench
