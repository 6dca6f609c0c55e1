#include "tests/integration/support/environment.hpp"

#include <cstdlib>

namespace integration {

std::optional<std::string> variable(const char* name)
{
    const char* value =
        std::getenv(name); // NOLINT(concurrency-mt-unsafe): nothing here writes the environment
    if (value == nullptr || *value == '\0')
        return std::nullopt;
    return std::string(value);
}

} // namespace integration
