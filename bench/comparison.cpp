#include "bench/comparison.hpp"

#include "bench/options.hpp"
#include "bench/pairs.hpp"

#include <stdexcept>

namespace bench {

namespace {

// What compare sets itself, or would not show.
const std::vector<std::string_view> not_passed_on{"--build", "--json", "--keep"};

} // namespace

std::vector<std::string> run_options(const std::filesystem::path& build, const comparison& asked)
{
    std::vector<std::string> options{"--json", "--machine", "0", "--starts", "0", "--build", build.string()};
    options.insert(options.end(), asked.flow.begin(), asked.flow.end());
    return options;
}

comparison read_comparison(int argc, const char* const* argv)
{
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (words.size() < 2 || words[0].starts_with('-') || words[1].starts_with('-'))
        throw std::invalid_argument("the two build folders come first: compare BUILD_A BUILD_B; see --help");
    const auto rest = read_pairs({words.begin() + 2, words.end()}, "compare", not_passed_on);
    comparison asked{std::filesystem::absolute(words[0]), std::filesystem::absolute(words[1]), rest.pairs,
                     rest.flow};
    read_options(run_options(asked.first, asked)); // refuses what flow would
    return asked;
}

std::string comparison_usage_text()
{
    return R"(Runs the same flow on the daemons of two builds in turn and tells, pair by pair, each figure of the
second divided by the first's.

  compare BUILD_A BUILD_B [--pairs N] [options of flow]

  BUILD_A, BUILD_B  build folders, such as build/release
  --pairs N         runs of each (5); of three or more it can be said whether they agree

Of flow's options all but --build, --json and --keep can follow (flow --help). --machine and --starts are 0.
More is better for events per second, less for everything else. A figure has changed when its ratio keeps to
one side of 1 in all pairs.
)";
}

} // namespace bench
