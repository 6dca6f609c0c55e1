#include "tests/unit/house/support.hpp"

using namespace house;

namespace {

const std::string path = "common/http/url.cpp";

std::string repeated(const std::string& text, std::size_t times)
{
    std::string result;
    for (std::size_t each = 0; each < times; ++each)
        result += text;
    return result;
}

// A function of this many lines, from its signature to its last brace.
std::string function_of(std::size_t lines)
{
    return "int f()\n{\n" + repeated("    g();\n", lines - 3) + "}\n";
}

} // namespace

TEST_CASE("a file may have 300 lines and no more")
{
    CHECK(broken_by(path, repeated("int a;\n", file_lines_max)).empty());
    CHECK(broken_by(path, repeated("int a;\n", file_lines_max + 1)) == broken_rules{"301 file length"});
    CHECK(check(parse_plain("scripts/test", repeated("true\n", file_lines_max + 1))).size() == 1);
}

TEST_CASE("a function may have 70 lines and no more, wherever it stands")
{
    CHECK(broken_by(path, "\n" + function_of(function_lines_max)).empty());
    CHECK(broken_by(path, "\n" + function_of(function_lines_max + 1)) == broken_rules{"2 function length"});
    const auto body = repeated("    g();\n", function_lines_max - 2);
    CHECK(broken_by(path, "TEST_CASE(\"a\")\n{\n" + body + "}\n") == broken_rules{"1 function length"});
    CHECK(broken_by(path, "class a\n{\npublic:\n    int f() const\n    {\n" + body + "    }\n};\n") ==
          broken_rules{"4 function length"});
    CHECK(broken_by(path, "a::a(int b)\n    : b_(b),\n      c_(b)\n{\n" + body + "}\n") ==
          broken_rules{"1 function length"});
    CHECK(broken_by(path, "void f(int a,\n       int b)\n{\n" + body + "}\n") ==
          broken_rules{"1 function length"});
}

TEST_CASE("a class is no function, and a brace in a literal ends none")
{
    const auto members = repeated("    int a;\n", 2 * function_lines_max);
    CHECK(broken_by(path, "class a final : public b<c()>\n{\n" + members + "};\n").empty());
    CHECK(broken_by(path, "template <class T>\nstruct a\n{\n" + members + "};\n").empty());
    const auto text =
        "int f()\n{\n    g(R\"(\n}\n)\");\n" + repeated("    g();\n", function_lines_max) + "}\n";
    CHECK(broken_by(path, text) == broken_rules{"1 function length"});
}

TEST_CASE("what is put off in a comment is told")
{
    const auto word = GENERATE(as<std::string>{}, "TODO", "FIXME", "XXX", "HACK");
    CHECK(broken_by(path, "int a; // " + word + ": later\n") == broken_rules{"1 put off"});
    CHECK(broken_by(path, "/* one\n " + word + " */\n") == broken_rules{"2 put off"});
    CHECK(broken_by(path, "auto a = \"" + word + "\";\n").empty());
    CHECK(check(parse_plain("scripts/test", "# " + word + "\n")).size() == 1);
}

TEST_CASE("a header begins with #pragma once")
{
    CHECK(broken_by("common/http/url.hpp", "#pragma once\n").empty());
    CHECK(broken_by("common/http/url.hpp", "\n#pragma once\n") == broken_rules{"1 pragma once"});
    CHECK(broken_by("common/http/url.cpp", "int a;\n").empty());
}
