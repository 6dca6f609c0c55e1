#include "tests/catch.hpp"
#include "tests/unit/house/source.hpp"

using namespace house;

TEST_CASE("comments, literals and code are told apart, each at its place")
{
    const std::string text = "int a; // one \"two\"\n"
                             "auto b = \"// three\"; /* four\n"
                             "five */ char c = '\"';\n";
    const auto file = parse_source("x.cpp", text);
    CHECK(file.code == "int a;             \n"
                       "auto b =           ;        \n"
                       "        char c =    ;\n");
    CHECK(file.comments == "       // one \"two\"\n"
                           "                     /* four\n"
                           "five */              \n");
    REQUIRE(file.literals.size() == 1);
    CHECK(file.literals[0].line == 2);
    CHECK(file.literals[0].text == "// three");
}

TEST_CASE("raw strings end where they say, and digit separators open nothing")
{
    const auto file = parse_source("x.cpp", "int a = 1'000;\n"
                                            "auto b = R\"x(\n\")\" // not a comment\n)x\"; int c = 2'000;\n");
    REQUIRE(file.literals.size() == 1);
    CHECK(file.literals[0].line == 2);
    CHECK(file.literals[0].text == "\n\")\" // not a comment\n");
    CHECK(file.comments.find("not") == std::string::npos);
    CHECK(file.code.find("int c = 2'000;") != std::string::npos);
}

TEST_CASE("an escaped quote does not end a literal")
{
    const auto file = parse_source("x.cpp", R"(f("a\"b", '\'', "c\\"); g();)");
    REQUIRE(file.literals.size() == 2);
    CHECK(file.literals[0].text == R"(a\"b)");
    CHECK(file.literals[1].text == R"(c\\)");
    CHECK(file.code.find("g();") != std::string::npos);
}
