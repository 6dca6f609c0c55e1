#pragma once

#include <cstddef>

namespace http {

// "0\r\n\r\n": the least that is still missing while a chunk's header is awaited. With fewer bytes Beast's
// parser runs into an assertion of its own (Boost 1.81, an empty chunked body that comes byte by byte).
inline constexpr std::size_t chunk_rest_bytes_min = 5;

} // namespace http
