#include "tests/unit/house/tree.hpp"

#include "tests/unit/house/rules.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace house {

namespace fs = std::filesystem;

namespace {

// A new folder at the root is read too; only these are passed over.
constexpr std::array<std::string_view, 2> not_ours{".git", "build"};

bool is_script(const std::string& path)
{
    return begins_with_one_of(path, {"scripts/", ".ci/"}) || path == "Dockerfile" ||
           path.ends_with("CMakeLists.txt") || path.ends_with(".cmake") || path.ends_with(".py") ||
           (path.starts_with("bench/") && path.find('.') == std::string::npos);
}

void read_file(const fs::path& file, const fs::path& root, std::vector<source>& found)
{
    auto path = fs::relative(file, root).generic_string();
    if (is_cpp(path))
        found.push_back(parse_source(path, read_text(file)));
    else if (is_script(path))
        found.push_back(parse_plain(path, read_text(file)));
}

} // namespace

std::vector<source> read_tree(const fs::path& root)
{
    std::vector<source> found;
    for (const auto& top : fs::directory_iterator(root)) {
        const auto name = top.path().filename().string();
        if (std::find(not_ours.begin(), not_ours.end(), name) != not_ours.end())
            continue;
        if (top.is_regular_file())
            read_file(top.path(), root, found);
        if (!top.is_directory())
            continue;
        for (const auto& each : fs::recursive_directory_iterator(top.path())) {
            if (each.is_regular_file())
                read_file(each.path(), root, found);
        }
    }
    std::sort(found.begin(), found.end(),
              [](const source& left, const source& right) { return left.path < right.path; });
    return found;
}

std::string read_text(const fs::path& file)
{
    std::ifstream input(file, std::ios::binary);
    std::ostringstream text;
    text << input.rdbuf();
    if (!input)
        throw std::runtime_error("cannot read " + file.string());
    return text.str();
}

} // namespace house
