#include "common/runtime/settings_names.hpp"

#include <algorithm>
#include <numeric>

namespace runtime {

namespace {

constexpr std::size_t typing_errors_max = 2;

std::size_t edit_distance(std::string_view left, std::string_view right)
{
    std::vector<std::size_t> row(right.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < left.size(); ++i) {
        auto diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < right.size(); ++j) {
            const auto substituted = diagonal + (left[i] == right[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({substituted, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row[right.size()];
}

} // namespace

bool is_injected_address(std::string_view name)
{
    return name.ends_with("_SERVICE_HOST") || name.ends_with("_PORT") ||
           name.find("_PORT_") != std::string_view::npos;
}

std::optional<std::string> nearest_name(std::string_view name, const std::vector<std::string>& known)
{
    std::optional<std::string> best;
    auto best_distance = typing_errors_max + 1;
    for (const auto& candidate : known) {
        const auto distance = edit_distance(name, candidate);
        if (distance < best_distance) {
            best_distance = distance;
            best = candidate;
        }
    }
    return best;
}

} // namespace runtime
