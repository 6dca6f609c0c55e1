#pragma once

#include "common/runtime/settings.hpp"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace runtime {

enum class command { run, help, version, check_config, healthcheck };

// Reads the command line of a service: nothing, --help, --version, --check-config or healthcheck. Anything
// else is an error text for the user (exit status 2).
std::variant<command, std::string> parse_command_line(int argc, const char* const* argv);

// What --help prints: usage, then every setting with its default and meaning.
std::string help_text(std::string_view program, const std::vector<setting_help>& settings);

// Prints every problem by name to standard error; answers with the exit status, 2.
int refuse(std::string_view program, const std::vector<std::string>& problems);

// Asks http://<address>/readyz (the loopback address where the service listens on all) with a deadline of
// 3 s; 0 when it answers 200, else 1 and a line on standard error. Blocking; plain sockets.
int healthcheck(const listen_address& address);

} // namespace runtime
