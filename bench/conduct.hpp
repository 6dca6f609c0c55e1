#pragma once

namespace bench {

// What a callback of the bench does with each POST.
enum class conduct {
    takes,       // 204
    fails,       // 500
    unavailable, // 503
    stalls,      // never answers
    drips,       // a byte a second of a head that does not end
    resets       // the connection
};

} // namespace bench
