// A disk that fails: the process acknowledges nothing more, says so in one line and ends, and what it
// acknowledged is there after a restart.
#include "tests/catch.hpp"
#include "tests/integration/support/api.hpp"
#include "tests/integration/support/promises.hpp"
#include "tests/integration/support/service.hpp"
#include "tests/integration/support/trace.hpp"

#include <cstdlib>
#include <functional>
#include <memory>
#include <utility>

using namespace integration;

namespace {

constexpr unsigned workers = 4;
constexpr auto end_max = std::chrono::seconds(60); // of a process that strace slows down

// Runs a service whose calls named `calls` fail as `fault` says, until it ends of it, under a load of `next`.
ledger run_until_the_disk_fails(which side, const settings& values, const temporary_folder& folder,
                                const std::string& calls, const std::string& fault,
                                const std::function<load::maker(const origin&)>& next)
{
    auto traced = values;
    traced["ASAN_OPTIONS"] = sanitizer_options_when_traced;
    service failing(side, traced,
                    strace(folder.path() / "trace", calls, {"-e", "inject=" + calls + ":" + fault}));
    load writes(failing.address(), workers, next(failing.address()));
    const auto status = failing.process().wait(end_max);
    auto made = writes.stop();
    const auto log = failing.process().errors();
    INFO(log);
    REQUIRE(status);
    CHECK(*status == EXIT_FAILURE);
    std::size_t lines = 0;
    for (const auto& line : lines_of(log))
        lines += line.find("\"storage_failed\"") != std::string::npos ? 1 : 0;
    CHECK(lines == 1);
    CHECK(made.faults.empty());
    CHECK(!made.acknowledged.empty());
    return made;
}

} // namespace

TEST_CASE("a receiver whose disk fails ends, and holds what it acknowledged after a restart", "[process]")
{
    const auto [calls, fault] =
        GENERATE(std::pair<std::string, std::string>{"fdatasync", "error=EIO:when=25+"},
                 std::pair<std::string, std::string>{"pwrite64", "error=EIO:when=150+"});
    CAPTURE(calls);
    const temporary_folder folder;
    const auto port = restartable_port();
    const auto values =
        test_settings(which::receiver, folder, {{"RECEIVER_LISTEN", "127.0.0.1:" + std::to_string(port)}});
    std::unique_ptr<event_supply> supply;
    const auto next = [&](const origin& receiver) {
        supply = std::make_unique<event_supply>(receiver, 1'000);
        return [&](unsigned, unsigned) { return supply->next(); };
    };
    const auto writes = run_until_the_disk_fails(which::receiver, values, folder, calls, fault, next);
    promises kept;
    kept.keep_receiver_writes(writes, *supply);
    const service again(which::receiver, values);
    const auto broken = broken_event_promises(again.address(), kept);
    CAPTURE(broken);
    CHECK(broken.empty());
}

TEST_CASE("a sender whose disk fails ends, and knows whom it acknowledged after a restart", "[process]")
{
    const temporary_folder folder;
    const auto values = test_settings(which::sender, folder);
    const auto next = [](const origin& sender) {
        return [sender](unsigned worker, unsigned number) {
            return sender_write(sender, "http://127.0.0.1:9/", "u", worker, number);
        };
    };
    promises kept;
    kept.keep_sender_writes(
        run_until_the_disk_fails(which::sender, values, folder, "fdatasync", "error=EIO:when=25+", next));
    const service again(which::sender, values);
    for (const auto& user : kept.registered)
        CHECK(sender_api::status(again.address(), user).at("registered") == true);
    for (const auto& [user, session] : kept.sessions)
        CHECK(text_of(sender_api::status(again.address(), user), "sessionId") == session);
}
