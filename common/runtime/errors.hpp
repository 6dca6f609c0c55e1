#pragma once

#include <stdexcept>

namespace runtime {

// Thrown by machinery that cannot serve just now, though it may soon: a full queue, a full disk, a service
// that is stopping. Nothing was accepted. The HTTP server answers 503 with Retry-After and `what()` as the
// detail, so the text must be fit for the client's eyes.
class unavailable : public std::runtime_error
{
public:
    using std::runtime_error::runtime_error;
};

} // namespace runtime
