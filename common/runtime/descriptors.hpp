#pragma once

#include <cstdint>

namespace runtime {

// Raises the process's limit of open descriptors as far as it may (setrlimit(2)); answers with the limit.
std::uint64_t raise_descriptor_limit();

} // namespace runtime
