#include "tests/integration/support/trace.hpp"

#include <algorithm>
#include <stdexcept>

namespace integration {

namespace {

// "12 fdatasync(5) = 0", or "12 <... fdatasync resumed>) = 0" when another thread's call came in between; a
// delay that strace put in is told in brackets behind it.
bool is_sync_done(std::string_view line)
{
    const bool sync =
        line.find("fdatasync") != std::string_view::npos || line.find("fsync") != std::string_view::npos;
    return sync && line.find(" = 0") != std::string_view::npos;
}

std::size_t find_line(const std::vector<std::string>& lines, std::size_t from, std::string_view text)
{
    for (auto at = from; at < lines.size(); ++at) {
        if (lines[at].find(text) != std::string::npos)
            return at;
    }
    throw std::runtime_error("the trace has no " + std::string(text));
}

} // namespace

std::vector<std::string> strace(const std::filesystem::path& log, std::string_view calls,
                                const std::vector<std::string>& more)
{
    std::vector<std::string> command{"strace", "-D", "-f", "-s", "300", "-o", log.string(), "-e"};
    command.push_back("trace=" + std::string(calls));
    command.insert(command.end(), more.begin(), more.end());
    return command;
}

std::size_t count_syncs(std::string_view trace)
{
    const auto lines = lines_of(trace);
    return static_cast<std::size_t>(std::count_if(lines.begin(), lines.end(), is_sync_done));
}

bool synced_between(const std::vector<std::string>& lines, std::size_t& from, std::string_view request,
                    std::string_view answer)
{
    const auto asked = find_line(lines, from, request);
    const auto answered = find_line(lines, asked + 1, answer);
    from = answered + 1;
    return std::any_of(lines.begin() + static_cast<std::ptrdiff_t>(asked),
                       lines.begin() + static_cast<std::ptrdiff_t>(answered), is_sync_done);
}

std::vector<std::string> lines_of(std::string_view text)
{
    std::vector<std::string> lines;
    for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(end + 1);
    }
    return lines;
}

} // namespace integration
