#pragma once

#include "common/webhook/secrets.hpp"

namespace sim {

// The secret that both services of a run share.
inline webhook::secrets shared_secrets()
{
    return *webhook::secrets::parse("a-secret-of-the-simulation");
}

} // namespace sim
