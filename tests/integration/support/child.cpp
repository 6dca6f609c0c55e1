#include "tests/integration/support/child.hpp"

#include "tests/integration/support/environment.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <mutex>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace integration {

namespace {

[[noreturn]] void fail(const char* what)
{
    throw std::system_error(errno, std::generic_category(), what);
}

struct pipe_ends
{
    int read;
    int write;
};

pipe_ends make_pipe()
{
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        fail("pipe2");
    return {ends[0], ends[1]};
}

std::vector<std::string> environment_lines(const settings& environment)
{
    std::vector<std::string> lines;
    for (const char* inherited : {"PATH", "ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"}) {
        if (const auto value = variable(inherited); value && !environment.contains(inherited))
            lines.push_back(std::string(inherited).append("=").append(*value));
    }
    for (const auto& [name, value] : environment)
        lines.push_back(std::string(name).append("=").append(value));
    return lines;
}

std::vector<char*> pointers(std::vector<std::string>& texts)
{
    std::vector<char*> result;
    result.reserve(texts.size() + 1);
    for (auto& text : texts)
        result.push_back(text.data());
    result.push_back(nullptr);
    return result;
}

// What runs between fork and exec: async-signal-safe calls only.
[[noreturn]] void become(const char* program, char* const* arguments, char* const* environment, int output,
                         int errors)
{
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::dup2(output, STDOUT_FILENO);
    ::dup2(errors, STDERR_FILENO);
    ::execvpe(program, arguments, environment);
    ::_exit(127);
}

} // namespace

// Reads a pipe to its end on a thread, so that the process never waits for its reader.
class child::collector
{
public:
    explicit collector(int pipe) : pipe_(pipe), thread_([this] { read_all(); }) {}

    ~collector()
    {
        finish();
        ::close(pipe_);
    }

    collector(const collector&) = delete;
    collector& operator=(const collector&) = delete;

    // Waits for the end of the pipe.
    void finish()
    {
        if (thread_.joinable())
            thread_.join();
    }

    std::string text() const
    {
        const std::lock_guard lock(mutex_);
        return text_;
    }

private:
    void read_all()
    {
        std::array<char, 4096> buffer{};
        for (;;) {
            const auto count = ::read(pipe_, buffer.data(), buffer.size());
            if (count < 0 && errno == EINTR)
                continue;
            if (count <= 0)
                return;
            const std::lock_guard lock(mutex_);
            text_.append(buffer.data(), static_cast<std::size_t>(count));
        }
    }

    int pipe_;
    mutable std::mutex mutex_;
    std::string text_;
    std::thread thread_;
};

child::child(const std::filesystem::path& program, const std::vector<std::string>& arguments,
             const settings& environment)
{
    std::vector<std::string> words{program.string()};
    words.insert(words.end(), arguments.begin(), arguments.end());
    auto lines = environment_lines(environment);
    const auto argv = pointers(words);
    const auto envp = pointers(lines);
    const auto output = make_pipe();
    const auto errors = make_pipe();
    pid_ = ::fork();
    if (pid_ == 0)
        become(words.front().c_str(), argv.data(), envp.data(), output.write, errors.write);
    ::close(output.write);
    ::close(errors.write);
    if (pid_ < 0)
        fail("fork");
    output_ = std::make_unique<collector>(output.read);
    errors_ = std::make_unique<collector>(errors.read);
}

child::~child()
{
    kill();
}

void child::signal(int number) const
{
    if (!status_)
        ::kill(pid_, number);
}

std::optional<int> child::wait(std::chrono::milliseconds max)
{
    const auto deadline = std::chrono::steady_clock::now() + max;
    while (!status_) {
        int status = 0;
        const auto ended = ::waitpid(pid_, &status, WNOHANG);
        if (ended == pid_) {
            status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
            break;
        }
        if (std::chrono::steady_clock::now() >= deadline)
            return std::nullopt;
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    output_->finish();
    errors_->finish();
    return status_;
}

void child::kill()
{
    signal(SIGKILL);
    wait(std::chrono::seconds(10));
}

std::string child::output() const
{
    return output_->text();
}

std::string child::errors() const
{
    return errors_->text();
}

finished run(const std::filesystem::path& program, const std::vector<std::string>& arguments,
             const settings& environment, std::chrono::milliseconds max)
{
    child process(program, arguments, environment);
    const auto status = process.wait(max);
    if (!status)
        throw std::runtime_error(program.string() + " did not end; it wrote: " + process.errors());
    return {*status, process.output(), process.errors()};
}

} // namespace integration
