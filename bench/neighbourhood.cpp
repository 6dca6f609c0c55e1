#include "bench/neighbourhood.hpp"

#include <stdexcept>

namespace bench {

namespace {

constexpr double share_of_others = 0.75;
constexpr std::size_t that_stall = 8;

// Of the programs' options, what neighbours sets itself or has no use for.
const std::vector<std::string_view> not_taken{"--receiver", "--origins", "--failing",   "--starts",
                                              "--machine",  "--aged",    "--on-its-way"};

std::vector<conduct> others()
{
    std::vector<conduct> all(that_stall, conduct::stalls);
    all.insert(all.end(), {conduct::drips, conduct::resets, conduct::fails});
    return all;
}

} // namespace

neighbourhood read_neighbourhood(const std::vector<std::string>& words)
{
    const auto asked = read_pairs(words, "neighbours", not_taken);
    std::vector<std::string> all{"--events", "20000", "--rate",    "1000",
                                 "--limit",  "600",   "--failing", std::to_string(share_of_others)};
    all.insert(all.end(), asked.flow.begin(), asked.flow.end());

    neighbourhood read;
    read.pairs = asked.pairs;
    read.beside = read_options(all);
    read.beside.failing_as = others();
    read.beside.on_its_way_max = read.beside.events; // however far it falls behind, that is to be measured
    read.alone = read.beside;
    read.alone.failing = 0;
    read.alone.events = population_of(read.beside).living();
    read.alone.rate =
        read.beside.rate * static_cast<double>(read.alone.events) / static_cast<double>(read.beside.events);
    return read;
}

std::string neighbourhood_usage_text()
{
    return R"(Says how much later the events of a healthy origin arrive when the others do not behave.

  neighbours [--pairs N] [options of flow]

A quarter of the users have their callback at the receiver, and the rest evenly at eleven origins: eight that
accept and never answer, one that drips a byte a second, one that resets, and one that answers 500. In turn,
all users are started, and those of the receiver alone, at the same times.

  --pairs N        runs of each (5)
  --events N       users over all (20000)
  --rate R         starts a second over all (1000); the receiver's users are a quarter of them
  --sink           the healthy origin is a server of the bench that only counts, instead of the receiver
  --limit S        seconds that a phase may take before the run has failed (600)

Of flow's other options --connections, --backlog, --waiting, --build, --folder, --keep and --json can follow
(flow --help).
)";
}

} // namespace bench
