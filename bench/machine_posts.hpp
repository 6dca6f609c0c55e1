#pragma once

#include <cstdint>

namespace bench {

// How many small POSTs a bare Beast client and a bare Beast server, each on a thread of its own, exchange
// over 64 loopback connections in that time.
std::uint64_t count_posts(double seconds);

} // namespace bench
