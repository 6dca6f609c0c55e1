#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace runtime {

// True for the names that an orchestrator injects to tell a service's address: …_SERVICE_HOST, …_PORT,
// …_PORT_….
bool is_injected_address(std::string_view name);

// The name of `known` that `name` was most likely meant to be: the nearest at an edit distance (Levenshtein)
// of at most 2; the first of several. Nothing when none is that near.
std::optional<std::string> nearest_name(std::string_view name, const std::vector<std::string>& known);

} // namespace runtime
