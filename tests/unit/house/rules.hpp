#pragma once

#include "tests/unit/house/source.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace house {

// One broken rule, at one place.
struct violation
{
    std::string path;
    std::size_t line = 0;
    std::string rule;
    std::string detail;
};

// A rule as docs/architecture.md gives it: `promise` is found there word for word.
struct rule
{
    std::string_view name;
    std::string_view promise;
};

inline constexpr std::size_t file_lines_max = 300;
inline constexpr std::size_t function_lines_max = 70;

// What a file includes is what its room may include; each file has a room.
std::vector<violation> check_includes(const source& file);

// The environment, the wall clock, SQL, HTTP's grammar, chance and sleep are where they belong.
std::vector<violation> check_places(const source& file);

// The lengths of the file and of its functions, `#pragma once` in headers, and nothing put off.
std::vector<violation> check_shape(const source& file);

// All three, for a C++ file; for any other only its shape.
std::vector<violation> check(const source& file);

// Every rule that the checks know.
std::vector<rule> all_rules();

// The rules of each check, for all_rules().
std::vector<rule> include_rules();
std::vector<rule> place_rules();
std::vector<rule> shape_rules();

bool is_cpp(std::string_view path);

// True when `path` begins with one of `prefixes`.
bool begins_with_one_of(std::string_view path, const std::vector<std::string_view>& prefixes);

} // namespace house
