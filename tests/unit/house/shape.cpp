#include "tests/unit/house/rules.hpp"

#include <regex>

namespace house {

namespace {

const rule file_length{"file length", "A file has at most 300 lines"};
const rule function_length{"function length", "a function at most 70"};
const rule put_off{"put off", "Nothing is put off in a comment"};
const rule once{"pragma once", "each header begins with `#pragma once`"};

const std::regex put_off_pattern(R"(\b(TODO|FIXME|XXX|HACK)\b)");
// What opens a brace on a line of its own and is no function.
const std::regex type_pattern(R"(^\s*(template\s*<.*>\s*)?(class|struct|union|enum|namespace)\b)");

bool is_header(std::string_view path)
{
    return path.ends_with(".hpp");
}

std::string_view trimmed(std::string_view line)
{
    const auto begin = line.find_first_not_of(' ');
    if (begin == std::string_view::npos)
        return {};
    return line.substr(begin, line.find_last_not_of(' ') - begin + 1);
}

std::size_t column_of(std::string_view line)
{
    return std::min(line.find_first_not_of(' '), line.size());
}

// The first line of what the brace at `brace` belongs to: back to the end of whatever stands before it.
std::size_t header_of(const std::vector<std::string_view>& lines, std::size_t brace)
{
    auto first = brace;
    while (first > 0) {
        const auto before = trimmed(lines[first - 1]);
        const bool ends = before.empty() || before.starts_with('#') || before.ends_with(';') ||
                          before.ends_with('}') || before.ends_with('{') || before == "public:" ||
                          before == "private:" || before == "protected:";
        if (ends)
            break;
        --first;
    }
    return first;
}

bool opens_type(const std::vector<std::string_view>& lines, std::size_t first, std::size_t brace)
{
    std::string header;
    for (auto at = first; at < brace; ++at)
        header.append(lines[at]).append(" ");
    return std::regex_search(header, type_pattern);
}

// clang-format puts the brace of every function, and of nothing else but types and of conditions that take
// several lines, on a line of its own, in the column of its signature; and so the closing one.
void check_functions(const source& file, std::vector<violation>& found)
{
    const auto lines = lines_of(file.code);
    for (std::size_t brace = 0; brace < lines.size(); ++brace) {
        if (trimmed(lines[brace]) != "{")
            continue;
        const auto first = header_of(lines, brace);
        if (opens_type(lines, first, brace))
            continue;
        auto last = brace + 1;
        while (last < lines.size() &&
               !(trimmed(lines[last]).starts_with('}') && column_of(lines[last]) == column_of(lines[brace])))
            ++last;
        const auto length = last - first + 1;
        if (length > function_lines_max)
            found.push_back({file.path, first + 1, std::string(function_length.name),
                             "a function of " + std::to_string(length) + " lines"});
    }
}

void check_put_off(const source& file, std::vector<violation>& found)
{
    const auto lines = lines_of(file.comments);
    for (std::size_t at = 0; at < lines.size(); ++at) {
        std::cmatch match;
        const auto* const begin = lines[at].data();
        if (std::regex_search(begin, begin + lines[at].size(), match, put_off_pattern))
            found.push_back({file.path, at + 1, std::string(put_off.name), "says " + match.str()});
    }
}

} // namespace

std::vector<violation> check_shape(const source& file)
{
    std::vector<violation> found;
    check_put_off(file, found);
    check_functions(file, found);
    const auto length = lines_of(file.text).size();
    if (length > file_lines_max)
        found.push_back({file.path, file_lines_max + 1, std::string(file_length.name),
                         std::to_string(length) + " lines"});
    if (is_header(file.path) && !file.text.starts_with("#pragma once\n"))
        found.push_back({file.path, 1, std::string(once.name), "does not begin with it"});
    return found;
}

std::vector<rule> shape_rules()
{
    return {file_length, function_length, put_off, once};
}

} // namespace house
