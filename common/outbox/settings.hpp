#pragma once

#include "common/outbox/sending_loop.hpp"
#include "common/runtime/settings.hpp"

#include <string>

namespace outbox {

// Reads how webhooks are sent, from `<prefix>RETRY_BASE_MS`, `<prefix>IN_FLIGHT` and so on; what is wrong
// with it is in the reader. `since` says in --help from when a delivery's age counts.
void read_settings(runtime::settings_reader& reader, const std::string& prefix, const std::string& since,
                   sending_settings& read);

} // namespace outbox
