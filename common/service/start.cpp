#include "common/service/start.hpp"

#include <iostream>

namespace service {

namespace {

int print(std::string_view text)
{
    std::cout << text << std::flush;
    return std::cout ? 0 : 1;
}

} // namespace

std::optional<int> exit_status_of(std::string_view program, int argc, const char* const* argv,
                                  const runtime::settings_reader& reader, const settings& read)
{
    const auto parsed = runtime::parse_command_line(argc, argv);
    if (const auto* error = std::get_if<std::string>(&parsed))
        return runtime::refuse(program, {*error});
    const auto asked = std::get<runtime::command>(parsed);
    if (asked == runtime::command::help)
        return print(runtime::help_text(program, reader.help()));
    if (asked == runtime::command::version)
        return print(std::string(program) + " " WAITING_ROOM_VERSION "\n");
    if (!reader.problems().empty())
        return runtime::refuse(program, reader.problems());
    if (asked == runtime::command::check_config)
        return print("the settings are valid\n");
    if (asked == runtime::command::healthcheck)
        return runtime::healthcheck(read.listen);
    return std::nullopt;
}

} // namespace service
