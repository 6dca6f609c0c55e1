#pragma once

#include "common/runtime/command_line.hpp"
#include "common/runtime/settings.hpp"
#include "common/service/settings.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace service {

// Carries out a command line that does not run the service (--help, --version, --check-config, healthcheck),
// or refuses settings with a problem, all of them by name. The exit status; nothing when the service should
// run. `reader` has read every setting of the service.
std::optional<int> exit_status_of(std::string_view program, int argc, const char* const* argv,
                                  const runtime::settings_reader& reader, const settings& read);

} // namespace service
