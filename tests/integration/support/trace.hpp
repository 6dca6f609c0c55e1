#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace integration {

// Runs a service under strace, which writes the calls named in `calls` to `log`; the service stays this
// process's own child. `more` are further options of strace.
std::vector<std::string> strace(const std::filesystem::path& log, std::string_view calls,
                                const std::vector<std::string>& more = {});

// The settings that a service needs to run under strace: the leak check at exit cannot be traced.
inline constexpr std::string_view sanitizer_options_when_traced = "detect_leaks=0";

// How often fdatasync or fsync ended well.
std::size_t count_syncs(std::string_view trace);

// True when between the first line after `from` that holds `request` and the next that holds `answer` a sync
// ended well. Moves `from` behind the answer. Throws std::runtime_error when the trace has no such lines.
bool synced_between(const std::vector<std::string>& lines, std::size_t& from, std::string_view request,
                    std::string_view answer);

std::vector<std::string> lines_of(std::string_view text);

} // namespace integration
