#include "tests/unit/house/rules.hpp"

#include <regex>

namespace house {

namespace {

enum class part { code, literals };

// Something that only a few files may touch.
struct place
{
    rule from;
    part where;
    std::regex pattern;
    std::vector<std::string_view> watched; // prefixes of the paths that the rule is for
    std::vector<std::string_view> allowed; // and of those that may
};

const std::vector<std::string_view> everywhere{""};
const std::vector<std::string_view> product{"common/", "sender-service/", "receiver-service/"};
// Whatever may draw only what it is given.
const std::vector<std::string_view> of_the_seed{"common/", "sender-service/", "receiver-service/",
                                                "tests/sim/"};
// Whatever must run the same way twice.
const std::vector<std::string_view> repeatable{"common/",     "sender-service/", "receiver-service/",
                                               "tests/unit/", "tests/support/",  "tests/sim/"};

const std::regex environment_pattern(R"(\b(getenv|secure_getenv|setenv|unsetenv|putenv|clearenv|environ)\b)");
const std::regex
    clock_pattern(R"(\b(system_clock|utc_clock|file_clock)::now\b|\bclock_gettime\b|\bgettimeofday\b)"
                  R"(|\bCLOCK_REALTIME\b|\btime\s*\(\s*(nullptr|NULL|0|&\w+)\s*\))");
const std::regex sql_pattern(
    R"(^\s*(select\s|with\s+(recursive\s+)?\w+\s+as\b|explain\s|insert\s+(or\s+\w+\s+)?into\b|replace\s+into\b|update\s+\w+\s+set\b|delete\s+from\b|)"
    R"(create\s+(temp\s+|unique\s+)?(table|index|trigger|view)\b|drop\s+(table|index)\b|alter\s+table\b|)"
    R"(pragma\s|begin\s+(immediate|exclusive)\b|commit\s*;?$|rollback\b|savepoint\s|release\s|vacuum\b|attach\s))",
    std::regex::icase);
const std::regex http_pattern(R"(HTTP/1\.|\\r\\n$)");
const std::regex chance_pattern(
    R"(\b(RAND_bytes|RAND_priv_bytes|random_device|mt19937(_64)?|default_random_engine|minstd_rand0?|getrandom|)"
    R"(srand|rand)\b)");
const std::regex sleep_pattern(R"(\b(sleep_for|sleep_until|usleep|nanosleep|sleep)\s*\()");

const std::vector<place>& places()
{
    static const std::vector<place> table{
        {{"environment", "The environment is read in one file (`common/runtime/settings.cpp`)"},
         part::code,
         environment_pattern,
         everywhere,
         {"common/runtime/settings.cpp", "tests/integration/support/environment.cpp",
          "bench/commit_probe.cpp"}},
        {{"wall clock", "the wall clock in one (`common/runtime/system_clock.cpp`)"},
         part::code,
         clock_pattern,
         everywhere,
         {"common/runtime/system_clock.cpp", "docs/examples/", "tests/integration/", "bench/"}},
        {{"sql", "SQL stands only in `sqlite_*` and `common/storage`"},
         part::literals,
         sql_pattern,
         product,
         {"common/storage/", "common/outbox/sqlite_", "sender-service/sqlite_", "receiver-service/sqlite_"}},
        {{"http grammar", "HTTP's grammar only in `common/http`, but for the one request of `healthcheck`"},
         part::literals,
         http_pattern,
         product,
         {"common/http/", "common/runtime/healthcheck.cpp"}},
        {{"chance", "chance comes from one (`common/runtime/random.cpp`)"},
         part::code,
         chance_pattern,
         of_the_seed,
         {"common/runtime/random.cpp"}},
        {{"sleep", "unit/ (no sockets, no sleeps)"}, part::code, sleep_pattern, repeatable, {}},
    };
    return table;
}

void look_in_code(const source& file, const place& what, std::vector<violation>& found)
{
    const auto lines = lines_of(file.code);
    for (std::size_t at = 0; at < lines.size(); ++at) {
        std::cmatch match;
        const auto* const begin = lines[at].data();
        if (std::regex_search(begin, begin + lines[at].size(), match, what.pattern))
            found.push_back({file.path, at + 1, std::string(what.from.name), "uses " + match.str()});
    }
}

void look_in_literals(const source& file, const place& what, std::vector<violation>& found)
{
    for (const auto& each : file.literals) {
        if (std::regex_search(each.text, what.pattern))
            found.push_back({file.path, each.line, std::string(what.from.name),
                             "has \"" + each.text.substr(0, 40) + '"'});
    }
}

} // namespace

std::vector<violation> check_places(const source& file)
{
    std::vector<violation> found;
    for (const auto& each : places()) {
        if (!begins_with_one_of(file.path, each.watched) || begins_with_one_of(file.path, each.allowed))
            continue;
        if (each.where == part::code)
            look_in_code(file, each, found);
        else
            look_in_literals(file, each, found);
    }
    return found;
}

std::vector<rule> place_rules()
{
    std::vector<rule> rules;
    for (const auto& each : places())
        rules.push_back(each.from);
    return rules;
}

} // namespace house
