#include "tests/sim/journal.hpp"

#include <cstdio>

namespace sim {

void journal::note(std::string_view who, std::string_view what)
{
    char stamp[32];
    std::snprintf(stamp, sizeof stamp, "%13.6f ", static_cast<double>(time_.now().count()) / 1e6);
    std::string line = stamp;
    line.append(who).append(" ").append(what);
    while (!line.empty() && line.back() == '\n')
        line.pop_back();
    for (auto at = line.find(hidden_); !hidden_.empty() && at != std::string::npos;
         at = line.find(hidden_, at))
        line.replace(at, hidden_.size(), "~");
    text_.append(line).append("\n");
}

void journal::violation(const std::string& what)
{
    note("VIOLATION", what);
    if (!violated_)
        violated_ = what;
}

} // namespace sim
