#include "common/runtime/clock.hpp"

namespace runtime {

instant system_clock::now() const
{
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

} // namespace runtime
