#include "common/runtime/crash_point.hpp"

#ifdef WAITING_ROOM_TEST_HOOKS

#include "common/runtime/settings.hpp"

#include <array>
#include <atomic>
#include <charconv>
#include <csignal>
#include <unistd.h>

namespace runtime {

namespace {

struct named_point
{
    crash_point point;
    std::string_view name;
};

constexpr std::array points{
    named_point{crash_point::after_ready, "ready-not-dispatched"},
    named_point{crash_point::after_post, "post-not-recorded"},
    named_point{crash_point::after_accept, "accept-not-answered"},
    named_point{crash_point::checkpoint, "checkpoint-under-way"},
    named_point{crash_point::stop, "stop-under-way"},
    named_point{crash_point::migration, "migration-under-way"},
};

// What was chosen, for as long as the process lives.
const named_point* chosen = nullptr;
std::atomic<unsigned> times_left{0};

const named_point* find_point(std::string_view name)
{
    for (const auto& each : points) {
        if (each.name == name) {
            return &each;
        }
    }
    return nullptr;
}

// The number behind the colon; 0 when it is none.
unsigned parse_times(std::string_view text)
{
    unsigned times = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), times);
    return failure == std::errc{} && end == text.data() + text.size() ? times : 0;
}

std::string all_names()
{
    std::string list;
    for (const auto& each : points) {
        list.append(list.empty() ? "" : ", ").append(each.name);
    }
    return list;
}

} // namespace

void read_crash_point(settings_reader& reader, std::string_view prefix)
{
    const auto setting = std::string(prefix) + "TEST_CRASH_POINT";
    const auto value = reader.text(setting, "", "only in builds for tests: where to die, as name or name:n");
    if (value.empty()) {
        return;
    }
    const auto colon = value.find(':');
    const auto times =
        colon == std::string::npos ? 1 : parse_times(std::string_view(value).substr(colon + 1));
    chosen = find_point(std::string_view(value).substr(0, colon));
    times_left = times;
    if (chosen == nullptr || times == 0) {
        reader.problem(setting, "is not one of " + all_names() + ", with or without :n behind it");
    }
}

bool is_chosen(crash_point here)
{
    return chosen != nullptr && chosen->point == here;
}

void crash_at(crash_point here, bool reached)
{
    if (!reached || !is_chosen(here) || times_left.fetch_sub(1) != 1) {
        return;
    }
    // So that a test knows that it was here; straight to the descriptor, since nothing else is to be flushed.
    const auto line = "died at " + std::string(chosen->name) + "\n";
    const auto written = ::write(STDERR_FILENO, line.data(), line.size());
    static_cast<void>(written);
    ::kill(::getpid(), SIGKILL);
    for (;;) {
        ::pause(); // the signal may come to another thread first: this one goes no further
    }
}

} // namespace runtime

#endif
