#include "bench/numbers.hpp"

#include <algorithm>
#include <cstddef>
#include <iomanip>
#include <sstream>

namespace bench {

std::string number_text(double number, int decimals)
{
    std::ostringstream digits;
    digits << std::fixed << std::setprecision(decimals) << number;
    auto text = digits.str();
    const auto whole = std::min(text.find('.'), text.size());
    for (auto at = static_cast<std::ptrdiff_t>(whole) - 3; at > (number < 0 ? 1 : 0); at -= 3)
        text.insert(static_cast<std::size_t>(at), 1, ',');
    return text;
}

} // namespace bench
