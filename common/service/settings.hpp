#pragma once

#include "common/http/server.hpp"
#include "common/runtime/log.hpp"
#include "common/runtime/settings.hpp"
#include "common/webhook/secrets.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace service {

// What both services are told by their environment.
struct settings
{
    runtime::listen_address listen;
    std::string database_path;
    http::server_options http;
    std::size_t write_queue_max = 8'192;
    std::uint64_t free_disk_mb_min = 64; // below it new work is refused; 0: never
    std::chrono::milliseconds stop_grace{8'000};
    runtime::log_level log_level = runtime::log_level::info;
    runtime::log_format log_format = runtime::log_format::text;
    runtime::settings_reader::secret_source secret;
    std::vector<std::string> warnings; // for the log, at start
};

struct defaults
{
    std::string_view prefix; // "SENDER_"
    std::string_view listen;
    std::string_view database;
};

// Reads what both services share, under the names that begin with the service's prefix.
settings read_settings(runtime::settings_reader& reader, const defaults& names);

// The secrets that a service starts with. Throws std::runtime_error when they went bad since the settings
// were read.
webhook::secrets initial_secrets(const runtime::settings_reader::secret_source& source);

// The secrets as they stand now, for a service that is told to read them again. A bad file changes nothing
// and is logged.
std::optional<webhook::secrets> reload_secrets(const runtime::settings_reader::secret_source& source,
                                               runtime::log& log);

} // namespace service
