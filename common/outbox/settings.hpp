#pragma once

#include "common/outbox/housekeeper.hpp"
#include "common/outbox/sending_loop.hpp"
#include "common/runtime/settings.hpp"

#include <string>
#include <string_view>

namespace outbox {

inline constexpr std::uint64_t retention_days_max = 3'650;

// Reads how webhooks are sent, from `<prefix>RETRY_BASE_MS`, `<prefix>IN_FLIGHT` and so on; what is wrong
// with it is in the reader. `since` says in --help from when a delivery's age counts.
void read_settings(runtime::settings_reader& reader, const std::string& prefix, const std::string& since,
                   sending_settings& read);

// Reads `<prefix>RETENTION_DAYS` likewise. `what` says in --help what is kept so long.
void read_retention(runtime::settings_reader& reader, const std::string& prefix, std::string_view what,
                    housekeeping& read);

} // namespace outbox
