#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace house {

// One string literal: the line that it begins on, and what stands between its quotes.
struct literal
{
    std::size_t line = 0;
    std::string text;
};

// A source file, taken apart. `code` and `comments` are as long as `text` and have its line breaks: what does
// not belong there is a space, so that a place in one is the same place in all three.
struct source
{
    std::string path; // from the repository's root
    std::string text;
    std::string code;     // without comments and without what stands in quotes
    std::string comments; // nothing else
    std::vector<literal> literals;
};

// Takes the text of a C++ file apart, raw strings and digit separators included.
source parse_source(std::string path, std::string text);

// A file in a language whose comments are not known here: all of it counts as comment, none of it as code.
source parse_plain(std::string path, std::string text);

// The lines of a text, without their ends.
std::vector<std::string_view> lines_of(std::string_view text);

// The number, from 1, of the line that holds this place.
std::size_t line_at(std::string_view text, std::size_t place);

} // namespace house
