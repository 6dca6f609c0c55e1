#pragma once

#include "common/outbox/dispatcher.hpp"
#include "tests/sim/random.hpp"

#include <string>
#include <vector>

namespace sim {

// Where users may register: all are the receiver, under other names.
inline const std::vector<std::string> callback_hosts{"app.test", "other.test", "third.test:8081"};

std::string callback_of(const std::string& host);
std::vector<std::string> callbacks();
std::vector<std::string> callback_origins();

// How this seed's sender sends, and its receiver forwards.
outbox::dispatch_settings draw_sending(random& draws);
outbox::dispatch_settings draw_forwarding(random& draws);

} // namespace sim
