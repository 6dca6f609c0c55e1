#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace webhook {

// A point of the wall clock, UTC. Milliseconds are what every stored and shown time has.
using instant = std::chrono::sys_time<std::chrono::milliseconds>;

// Whole seconds since the epoch, rounded down; what a signature's timestamp is.
inline std::chrono::seconds epoch_seconds(instant at)
{
    return std::chrono::floor<std::chrono::seconds>(at.time_since_epoch());
}

// "2025-12-24T12:34:56Z": ISO 8601 in UTC, the fraction of a second dropped. Years 1970 to 9999.
std::string to_iso8601_seconds(instant at);

// "2025-12-24T12:34:56.123Z": ISO 8601 in UTC, always with three digits of milliseconds. Years 1970 to 9999.
std::string to_iso8601_millis(instant at);

// Reads "2025-12-24T12:34:56Z" with 0 to 9 digits of fraction (cut to milliseconds), years 1970 to 9999.
// Nothing when the text is anything else, an impossible date or a leap second included.
std::optional<instant> parse_iso8601(std::string_view text);

// Reads the text of a JSON number (RFC 8259, 6) as seconds since the epoch, what is finer than milliseconds
// cut: "1795452968.441928715". Nothing for what is negative, after 9999 or no such number.
std::optional<instant> parse_epoch_number(std::string_view number);

} // namespace webhook
