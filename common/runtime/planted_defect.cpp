#include "common/runtime/planted_defect.hpp"

#ifdef WAITING_ROOM_TEST_HOOKS

#include <algorithm>
#include <array>

namespace runtime {

namespace {

// In the order of the enumeration.
constexpr std::array<std::string_view, 12> names{"dedupe-key-dropped",     "acknowledged-before-commit",
                                                 "retried-without-jitter", "recorded-before-response",
                                                 "ready-without-delivery", "not-made-durable",
                                                 "not-synchronous",        "cap-ignored",
                                                 "breaker-never-closes",   "backlog-scanned",
                                                 "pause-forgotten",        "forwarded-from-memory"};

std::optional<defect>
    planted_one; // NOLINT(cppcoreguidelines-avoid-non-const-global-variables): one a process

} // namespace

bool planted(defect which)
{
    return planted_one == which;
}

void plant(defect which)
{
    planted_one = which;
}

std::optional<defect> parse_defect(std::string_view name)
{
    const auto* const found = std::find(names.begin(), names.end(), name);
    if (found == names.end())
        return std::nullopt;
    return static_cast<defect>(found - names.begin());
}

std::span<const std::string_view> defect_names()
{
    return names;
}

} // namespace runtime

#endif
