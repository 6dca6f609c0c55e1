#include "bench/programs.hpp"

#include <stdexcept>
#include <unistd.h>

namespace bench {

std::filesystem::path sender_program(const std::filesystem::path& build)
{
    return build / "sender-service" / "sender-service";
}

std::filesystem::path receiver_program(const std::filesystem::path& build)
{
    return build / "receiver-service" / "receiver-service";
}

void require_programs(const std::filesystem::path& build)
{
    for (const auto& program : {sender_program(build), receiver_program(build)})
        if (::access(program.c_str(), X_OK) != 0)
            throw std::invalid_argument("there is no program " + program.string() + "; is " + build.string() +
                                        " a build folder, such as build/release?");
}

} // namespace bench
