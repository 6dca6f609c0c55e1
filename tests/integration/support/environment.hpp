#pragma once

#include <optional>
#include <string>

namespace integration {

// The value of an environment variable; nothing when it is not set or empty.
std::optional<std::string> variable(const char* name);

} // namespace integration
