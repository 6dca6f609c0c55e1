#pragma once

#include "tests/integration/support/child.hpp"
#include "tests/integration/support/http_client.hpp"
#include "tests/integration/support/temporary_folder.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace integration {

enum class which { sender, receiver };

inline constexpr std::string_view test_secret = "an-integration-test-secret";

// Where the executable is: SENDER_EXECUTABLE or RECEIVER_EXECUTABLE of the environment, else as it was built.
std::filesystem::path executable(which side);

// What a service under test is started with: a free port of 127.0.0.1, its database in `folder`, the test's
// secret, a JSON log, and short waits. `changes` replaces single settings.
settings test_settings(which side, const temporary_folder& folder, const settings& changes = {});

// One of the two executables, running. Killed when this object goes.
class service
{
public:
    // Starts it and waits until it listens. `wrapper` is a program with arguments that runs it, such as
    // strace. Throws std::runtime_error with its log when it does not come up.
    service(which side, const settings& values, const std::vector<std::string>& wrapper = {});

    const origin& address() const { return address_; }
    child& process() { return process_; }

    // The first log line whose `event` is `name`, waited for. Throws std::runtime_error with the whole log
    // when it does not come, or the process ends before it.
    boost::json::object log_line(std::string_view name);

private:
    child process_;
    origin address_;
};

// The log's line with this event, if it has come; lines that are not JSON are passed over.
std::optional<boost::json::object> find_log_line(std::string_view log, std::string_view event);

// A free port of 127.0.0.1 below the range that the kernel gives to outgoing connections, so that a service
// that is killed can have it again.
std::uint16_t restartable_port();

inline constexpr int still_running = -1;

// SIGTERM, then the exit status; still_running when it does not end within `max`.
int terminate(service& running, std::chrono::milliseconds max);

} // namespace integration
