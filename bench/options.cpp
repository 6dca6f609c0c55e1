#include "bench/options.hpp"

#include "bench/numbers.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <map>
#include <stdexcept>
#include <string_view>
#include <type_traits>

namespace bench {

namespace {

constexpr std::uint64_t events_max = 10'000'000;
constexpr std::uint64_t origins_max = 4'000;    // a port and a connection of each here, and one in the sender
constexpr const char* own_folder = "flow-data"; // in the folder that is asked for

using setter = std::function<void(options&, std::string_view)>;

// For an option whose value is a whole number, which may be kept as another type.
template <auto Member>
setter whole(std::string_view name, std::uint64_t least, std::uint64_t most)
{
    return [=](options& read, std::string_view text) {
        using kept = std::remove_reference_t<decltype(read.*Member)>;
        read.*Member = static_cast<kept>(number_within(name, text, least, most));
    };
}

const std::map<std::string_view, setter>& valued()
{
    static const std::map<std::string_view, setter> all{
        {"--events", whole<&options::events>("--events", 1, events_max)},
        {"--connections", whole<&options::connections>("--connections", 1, 1'000)},
        {"--rate", whole<&options::rate>("--rate", 1, 100'000)},
        {"--aged", whole<&options::aged>("--aged", 0, events_max)},
        {"--backlog", whole<&options::backlog>("--backlog", 0, events_max)},
        {"--waiting", whole<&options::waiting>("--waiting", 0, events_max)},
        {"--origins", whole<&options::origins>("--origins", 1, origins_max)},
        {"--failing", [](options& o, auto v) { o.failing = number_within("--failing", v, 0.0, 1.0); }},
        {"--on-its-way", whole<&options::on_its_way_max>("--on-its-way", 1, events_max)},
        {"--limit", whole<&options::limit_s>("--limit", 1, 86'400)},
        {"--starts", whole<&options::starts>("--starts", 0, 1'000)},
        {"--machine", [](options& o, auto v) { o.machine_s = number_within("--machine", v, 0.0, 60.0); }},
        {"--build", [](options& o, auto v) { o.build = v; }},
        {"--folder", [](options& o, auto v) { o.folder = std::filesystem::path(v) / own_folder; }}};
    return all;
}

void choose(options& read, target what)
{
    if (read.what != target::pair && read.what != what)
        throw std::invalid_argument("--sink and --receiver are two modes: choose one");
    read.what = what;
}

const std::map<std::string_view, void (*)(options&)>& flags()
{
    static const std::map<std::string_view, void (*)(options&)> all{
        {"--sink", [](options& o) { choose(o, target::sink); }},
        {"--receiver", [](options& o) { choose(o, target::receiver); }},
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

void refuse_what_the_mode_has_not(const options& read)
{
    if (read.what != target::sink && read.origins > 1)
        throw std::invalid_argument("--origins is for --sink: a receiver is one origin");
    if (read.what != target::receiver)
        return;
    if (read.backlog > 0 || read.waiting > 0 || read.failing > 0)
        throw std::invalid_argument("--receiver has no sender: no --backlog, no --waiting, no --failing");
    if (read.rate > 0)
        throw std::invalid_argument("--receiver is a closed loop: it has no --rate");
}

void refuse_what_does_not_fit(const options& read)
{
    refuse_what_the_mode_has_not(read);
    if (population_of(read).living() == 0)
        throw std::invalid_argument("--failing leaves nobody whose event could arrive");
    if (read.rate == 0)
        return;
    // A connection that is idle for a minute is closed by the daemon.
    if (read.rate < static_cast<double>(read.connections) / 30)
        throw std::invalid_argument(
            "--rate is too low for so many --connections: each has to be used twice a minute");
    const auto lasts_s = static_cast<double>(read.events) / read.rate;
    if (lasts_s > read.limit_s)
        throw std::invalid_argument(number_text(static_cast<double>(read.events), 0) + " events at " +
                                    number_text(read.rate, 0) + " a second take " +
                                    number_text(std::ceil(lasts_s), 0) + " s, more than --limit, which is " +
                                    number_text(read.limit_s, 0) + " s");
}

} // namespace

bool wants_help(int argc, const char* const* argv)
{
    return std::any_of(argv + 1, argv + argc,
                       [](std::string_view word) { return word == "-h" || word == "--help"; });
}

population population_of(const options& asked)
{
    const auto failing = std::round(static_cast<double>(asked.events) * asked.failing);
    return {asked.events, static_cast<std::size_t>(failing)};
}

options read_options(int argc, const char* const* argv)
{
    return read_options({argv + 1, argv + argc});
}

options read_options(const std::vector<std::string>& words)
{
    options read;
    read.build = BENCH_BUILD_FOLDER;
    read.folder = std::filesystem::path(BENCH_BUILD_FOLDER) / "bench" / own_folder;
    for (auto word = words.begin(); word != words.end(); ++word) {
        const auto& name = *word;
        if (const auto flag = flags().find(name); flag != flags().end())
            flag->second(read);
        else if (const auto option = valued().find(name); option == valued().end())
            throw std::invalid_argument("unknown option " + name + "; see --help");
        else if (++word == words.end() || word->empty())
            throw std::invalid_argument(name + " wants a value");
        else
            option->second(read, *word);
    }
    if (read.events == 0)
        read.events = usual_events(read);
    refuse_what_does_not_fit(read);
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
  --on-its-way N   a closed loop waits while so many started users are not in the inbox (4000)
  --failing S      this share of the users (0 to 1) has a callback that answers 503; the others' events count
  --origins N      with --sink: the callbacks are spread over so many origins (1)
  --aged N         events that are in the databases beforehand (0)
  --backlog N      deliveries that are in the sender's beforehand, for an origin that refuses connections (0)
  --waiting N      users who are in the sender's beforehand, READY in a day (0)
  --limit S        seconds that a phase may take before the run has failed (120)
  --starts N       how often each daemon is started to time it (5), and as often on the run's database when
                   anything was there beforehand
  --machine S      seconds for each figure of what the machine gives (1); 0: none
  --build DIR      whose daemons to measure (the build that this program is of)
  --folder DIR     the databases are made in DIR/flow-data, and removed with it in the end; nothing else
                   there is touched (DIR: bench in the build folder); not on a tmpfs
  --keep           leave DIR/flow-data until the next run
  --json           one JSON object instead of text, units in its keys
  -h, --help       this
)";
}

} // namespace bench
