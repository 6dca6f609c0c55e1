#include "common/runtime/command_line.hpp"

#include "common/runtime/quoted.hpp"

#include <algorithm>
#include <iostream>

namespace runtime {

namespace {

constexpr std::size_t help_columns = 80;
constexpr int status_usage = 2;

// Appends `text` in lines of at most 80 columns, each after `indent` spaces.
void append_wrapped(std::string& out, std::string_view text, std::size_t indent)
{
    std::size_t column = 0;
    while (!text.empty()) {
        const auto word = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(text.size(), word.size() + 1));
        if (column == 0 || column + 1 + word.size() > help_columns) {
            out += column == 0 ? "" : "\n";
            out.append(indent, ' ');
            column = indent;
        }
        else {
            out += ' ';
            ++column;
        }
        out += word;
        column += word.size();
    }
    out += '\n';
}

} // namespace

std::variant<command, std::string> parse_command_line(int argc, const char* const* argv)
{
    if (argc <= 1) {
        return command::run;
    }
    if (argc > 2) {
        return "expected one argument at most; --help lists them";
    }
    const std::string_view argument = argv[1];
    if (argument == "--help" || argument == "-h") {
        return command::help;
    }
    if (argument == "--version") {
        return command::version;
    }
    if (argument == "--check-config") {
        return command::check_config;
    }
    if (argument == "healthcheck") {
        return command::healthcheck;
    }
    return "unknown argument " + quoted(argument) + "; --help lists them";
}

std::string help_text(std::string_view program, const std::vector<setting_help>& settings)
{
    std::string out = "Usage: ";
    out += program;
    out += " [--help | --version | --check-config | healthcheck]\n"
           "\n"
           "Without an argument the service runs until SIGTERM or SIGINT.\n"
           "\n"
           "  --help          print this text\n"
           "  --version       print the version\n"
           "  --check-config  check the settings and exit: status 0, or 2 with all problems\n"
           "  healthcheck     ask the running service for /readyz: status 0 when it is ready\n"
           "\n"
           "Settings are read from the environment:\n";
    for (const auto& setting : settings) {
        out += "\n  " + setting.name + " (";
        out += setting.default_value.empty() ? "empty by default" : "default " + setting.default_value;
        out += ")\n";
        append_wrapped(out, setting.meaning, 6);
    }
    return out;
}

int refuse(std::string_view program, const std::vector<std::string>& problems)
{
    for (const auto& problem : problems) {
        std::cerr << program << ": " << problem << '\n';
    }
    return status_usage;
}

} // namespace runtime
