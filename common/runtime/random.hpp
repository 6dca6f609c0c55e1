#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace runtime {

// Gives 64 uniform random bits a call. Injected, so that a simulation can draw ids and jitter from its seed.
using random_source = std::function<std::uint64_t()>;

// Bits from OpenSSL's generator, fit for identifiers that must not be guessed. Thread-safe. Throws
// std::runtime_error when the generator fails.
std::uint64_t system_random();

// A version 4 UUID (RFC 9562, 5.4) in its 36 lower-case characters.
std::string make_uuid(const random_source& random);

// A number drawn uniformly from [low, high).
double uniform(const random_source& random, double low, double high);

} // namespace runtime
