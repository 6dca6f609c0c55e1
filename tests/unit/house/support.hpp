#pragma once

#include "tests/catch.hpp"
#include "tests/unit/house/rules.hpp"

#include <string>

namespace house {

// The rules that a file of this path and text breaks, as "line rule" each.
inline std::vector<std::string> broken_by(const std::string& path, const std::string& text)
{
    std::vector<std::string> broken;
    for (const auto& each : check(parse_source(path, text)))
        broken.push_back(std::to_string(each.line) + " " + each.rule);
    return broken;
}

using broken_rules = std::vector<std::string>;

} // namespace house
