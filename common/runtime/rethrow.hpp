#pragma once

#include <exception>

namespace runtime {

// The completion of a coroutine that nobody awaits. What escapes it is a bug, and ends the process with its
// text instead of being dropped.
inline constexpr auto rethrow = [](const std::exception_ptr& failure) {
    if (failure)
        std::rethrow_exception(failure);
};

} // namespace runtime
