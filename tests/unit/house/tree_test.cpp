// The project's own tree, held to the rules.
#include "tests/catch.hpp"
#include "tests/unit/house/rules.hpp"
#include "tests/unit/house/tree.hpp"

#include <algorithm>
#include <regex>

using namespace house;

namespace {

const std::filesystem::path root{SOURCE_ROOT};

bool has(const std::vector<source>& tree, std::string_view path)
{
    return std::any_of(tree.begin(), tree.end(), [&](const source& file) { return file.path == path; });
}

// The text with every run of white space as one space, so that a sentence is found across its line breaks.
std::string in_one_line(const std::string& text)
{
    return std::regex_replace(text, std::regex(R"(\s+)"), " ");
}

} // namespace

TEST_CASE("the tree keeps the house rules")
{
    const auto tree = read_tree(root);
    std::string told;
    for (const auto& file : tree) {
        for (const auto& each : check(file))
            told +=
                each.path + ":" + std::to_string(each.line) + ": " + each.rule + ": " + each.detail + "\n";
    }
    INFO(told);
    CHECK(told.empty());
}

TEST_CASE("the tree that is read is the whole one")
{
    const auto tree = read_tree(root);
    CHECK(tree.size() > 250);
    for (const auto* const path :
         {"common/boost.cpp", "common/webhook/event.hpp", "sender-service/main.cpp",
          "receiver-service/store.hpp", "tests/unit/house/tree_test.cpp", "tests/catch.hpp",
          "docs/examples/sign-a-webhook/main.cpp", "scripts/test", ".ci/run", "CMakeLists.txt"})
    {
        INFO(path);
        CHECK(has(tree, path));
    }
    CHECK(std::none_of(tree.begin(), tree.end(),
                       [](const source& file) { return file.path.starts_with("build/"); }));
}

TEST_CASE("each rule is a promise of docs/architecture.md, in its words")
{
    const auto document = in_one_line(read_text(root / "docs/architecture.md"));
    for (const auto& each : all_rules()) {
        INFO(each.name << ": " << each.promise);
        CHECK(document.find(each.promise) != std::string::npos);
    }
}
