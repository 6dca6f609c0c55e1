#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace integration {

using settings = std::map<std::string, std::string>;

// A process that this one started, with its standard output and error read as they come. It is killed when
// this object goes, and when this process ends. Made and destroyed on the main thread.
class child
{
public:
    // Starts `program` (looked up in PATH) with exactly the variables in `environment`, PATH and the options
    // of the sanitizers. Throws std::system_error.
    child(const std::filesystem::path& program, const std::vector<std::string>& arguments,
          const settings& environment);
    ~child();

    child(const child&) = delete;
    child& operator=(const child&) = delete;

    pid_t pid() const { return pid_; }

    // Sends a signal; nothing happens when the process has been waited for.
    void signal(int number) const;

    // The exit status, or 128 and the signal that ended it; nothing when it still runs after `max`.
    std::optional<int> wait(std::chrono::milliseconds max);

    // SIGKILL, and waits.
    void kill();

    // What came so far; all of it once wait() has answered.
    std::string output() const;
    std::string errors() const;

private:
    class collector;

    pid_t pid_ = -1;
    std::optional<int> status_;
    std::unique_ptr<collector> output_;
    std::unique_ptr<collector> errors_;
};

// Runs a program to its end.
struct finished
{
    int status = -1;
    std::string output;
    std::string errors;
};

// Throws std::runtime_error when it has not ended within `max`.
finished run(const std::filesystem::path& program, const std::vector<std::string>& arguments,
             const settings& environment, std::chrono::milliseconds max = std::chrono::seconds(20));

} // namespace integration
