#include "common/runtime/command_line.hpp"
#include "tests/catch.hpp"

#include <sstream>
#include <string>
#include <vector>

namespace {

std::variant<runtime::command, std::string> parse(std::vector<const char*> arguments)
{
    arguments.insert(arguments.begin(), "sender-service");
    return runtime::parse_command_line(static_cast<int>(arguments.size()), arguments.data());
}

} // namespace

TEST_CASE("a command line is nothing or one known argument")
{
    using runtime::command;
    CHECK(std::get<command>(parse({})) == command::run);
    CHECK(std::get<command>(parse({"--help"})) == command::help);
    CHECK(std::get<command>(parse({"--version"})) == command::version);
    CHECK(std::get<command>(parse({"--check-config"})) == command::check_config);
    CHECK(std::get<command>(parse({"healthcheck"})) == command::healthcheck);
    CHECK(std::get<std::string>(parse({"--verison"})) == "unknown argument \"--verison\"; --help lists them");
    CHECK(std::get<std::string>(parse({""})) == "unknown argument \"\"; --help lists them");
    CHECK(std::get<std::string>(parse({"--help", "--version"})) ==
          "expected one argument at most; --help lists them");
}

TEST_CASE("the help lists every setting with default and meaning, in at most 80 columns")
{
    const std::string long_meaning = "a meaning of many words that goes on for so long that it needs three "
                                     "lines of a terminal to be told, which is what wrapping is there for, "
                                     "without a word lost";
    const auto text =
        runtime::help_text("sender-service", {{"SENDER_LISTEN", "127.0.0.1:8080", "where to listen"},
                                              {"KEY", "", long_meaning}});
    CHECK(text.starts_with("Usage: sender-service ["));
    CHECK(text.find("\n  SENDER_LISTEN (default 127.0.0.1:8080)\n      where to listen\n") !=
          std::string::npos);
    CHECK(text.find("\n  KEY (empty by default)\n      a meaning of many words") != std::string::npos);

    std::istringstream lines(text);
    std::string meaning;
    for (std::string line; std::getline(lines, line);) {
        CHECK(line.size() <= 80);
        if (line.starts_with("      ")) {
            meaning += line.substr(5);
        }
    }
    CHECK(meaning == " where to listen " + long_meaning);
}
