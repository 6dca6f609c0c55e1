#include "bench/options.hpp"

#include <charconv>
#include <functional>
#include <map>
#include <stdexcept>
#include <string_view>

namespace bench {

namespace {

constexpr const char* own_folder = "flow-data"; // in the folder that is asked for

template <class Number>
Number number(std::string_view name, std::string_view text)
{
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < Number{})
        throw std::invalid_argument(std::string(name) + " wants a number, not " + std::string(text));
    return value;
}

using setter = std::function<void(options&, std::string_view)>;

const std::map<std::string_view, setter>& valued()
{
    static const std::map<std::string_view, setter> all{
        {"--events", [](options& o, auto v) { o.events = number<std::size_t>("--events", v); }},
        {"--connections",
         [](options& o, auto v) { o.connections = number<std::size_t>("--connections", v); }},
        {"--rate", [](options& o, auto v) { o.rate = number<double>("--rate", v); }},
        {"--aged", [](options& o, auto v) { o.aged = number<std::size_t>("--aged", v); }},
        {"--backlog", [](options& o, auto v) { o.backlog_max = number<std::size_t>("--backlog", v); }},
        {"--limit", [](options& o, auto v) { o.limit_s = number<unsigned>("--limit", v); }},
        {"--starts", [](options& o, auto v) { o.starts = number<std::size_t>("--starts", v); }},
        {"--machine", [](options& o, auto v) { o.machine_s = number<double>("--machine", v); }},
        {"--build", [](options& o, auto v) { o.build = v; }},
        {"--folder", [](options& o, auto v) { o.folder = std::filesystem::path(v) / own_folder; }}};
    return all;
}

const std::map<std::string_view, void (*)(options&)>& flags()
{
    static const std::map<std::string_view, void (*)(options&)> all{
        {"--sink", [](options& o) { o.what = target::sink; }},
        {"--receiver", [](options& o) { o.what = target::receiver; }},
        {"--json", [](options& o) { o.as_json = true; }},
        {"--keep", [](options& o) { o.keep = true; }}};
    return all;
}

std::size_t usual_events(const options& read)
{
    if (read.rate > 0)
        return static_cast<std::size_t>(read.rate * 20);
    return read.what == target::receiver ? 200'000 : 100'000;
}

} // namespace

options read_options(int argc, const char* const* argv)
{
    options read;
    read.build = BENCH_BUILD_FOLDER;
    read.folder = std::filesystem::path(BENCH_BUILD_FOLDER) / "bench" / own_folder;
    for (int i = 1; i < argc; ++i) {
        const std::string_view word = argv[i];
        if (const auto flag = flags().find(word); flag != flags().end())
            flag->second(read);
        else if (const auto option = valued().find(word); option == valued().end())
            throw std::invalid_argument("unknown option " + std::string(word) + "; see --help");
        else if (++i == argc)
            throw std::invalid_argument(std::string(word) + " wants a value");
        else
            option->second(read, argv[i]);
    }
    if (read.connections == 0 || read.backlog_max == 0)
        throw std::invalid_argument("--connections and --backlog must be at least 1");
    if (read.what == target::receiver && read.rate > 0)
        throw std::invalid_argument("--receiver is a closed loop: it has no --rate");
    // A connection that is idle for a minute is closed by the daemon.
    if (read.rate > 0 && read.rate < static_cast<double>(read.connections) / 30)
        throw std::invalid_argument(
            "--rate is too low for so many --connections: each has to be used twice a minute");
    if (read.events == 0)
        read.events = usual_events(read);
    return read;
}

std::string usage_text()
{
    return R"(Drives the daemons of a build and says how fast they were, and what of it the machine allows.

  flow [options]              from POST start to the event in the receiver's inbox
  flow --sink [options]       the same, to a server of the bench that only counts
  flow --receiver [options]   signed posts into the receiver alone

  --events N       how many (100000; 200000 with --receiver; 20 s of them with --rate)
  --connections C  of the generator (64)
  --rate R         starts a second, whether or not the earlier ones were answered; without it a closed loop
  --backlog N      a closed loop waits while so many started users are not in the inbox (4000)
  --aged N         events that are in the databases beforehand (0)
  --limit S        seconds that a phase may take before the run has failed (120)
  --starts N       how often each daemon is started to time it (5)
  --machine S      seconds for each figure of what the machine gives (1); 0: none
  --build DIR      whose daemons to measure (the build that this program is of)
  --folder DIR     the databases are made in DIR/flow-data, and removed with it in the end; nothing else
                   there is touched (DIR: bench in the build folder); not on a tmpfs
  --keep           leave DIR/flow-data until the next run
  --json           one JSON object instead of text
)";
}

} // namespace bench
