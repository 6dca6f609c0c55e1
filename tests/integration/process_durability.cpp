// What is acknowledged is on the disk: seen in the system calls that the services make.
#include "tests/catch.hpp"
#include "tests/integration/support/api.hpp"
#include "tests/integration/support/service.hpp"
#include "tests/integration/support/signing.hpp"
#include "tests/integration/support/trace.hpp"

#include <memory>

using namespace integration;

namespace {

// Reads and writes of sockets, and what makes data durable.
constexpr std::string_view traced_calls =
    "fdatasync,fsync,read,readv,recvfrom,recvmsg,write,writev,sendto,sendmsg";

constexpr auto stop_max = std::chrono::seconds(20);

settings traced_settings(which side, const temporary_folder& folder)
{
    return test_settings(side, folder, {{"ASAN_OPTIONS", std::string(sanitizer_options_when_traced)}});
}

// Ends the traced service, so that the trace is whole.
std::vector<std::string> trace_lines(service& traced, const std::filesystem::path& log)
{
    const auto status = terminate(traced, stop_max);
    INFO(traced.process().errors());
    REQUIRE(status == 0);
    return lines_of(read_file(log));
}

} // namespace

TEST_CASE("the receiver syncs its database between an event and the 200 of it", "[process]")
{
    const temporary_folder folder;
    const auto log = folder.path() / "trace";
    service receiver(which::receiver, traced_settings(which::receiver, folder), strace(log, traced_calls));
    for (int count = 0; count < 3; ++count) {
        const auto event = make_event("alice");
        const auto bytes = webhook_request(receiver.address(), event, test_secret);
        REQUIRE(ask_raw(receiver.address(), bytes).value().status == 200);
    }
    const auto lines = trace_lines(receiver, log);
    std::size_t at = 0;
    for (int count = 0; count < 3; ++count)
        CHECK(synced_between(lines, at, "\"POST /user-app/webhooks/waiting-room", "\"HTTP/1.1 200"));
}

TEST_CASE("the sender syncs its database between each write and the answer to it", "[process]")
{
    const temporary_folder folder;
    const auto log = folder.path() / "trace";
    service sender(which::sender, traced_settings(which::sender, folder), strace(log, traced_calls));
    REQUIRE(get(sender.address(), "/livez").status == 200);
    sender_api::register_user(sender.address(), "alice", "http://127.0.0.1:9/");
    sender_api::start(sender.address(), "alice");
    sender_api::unregister(sender.address(), "alice");
    const auto lines = trace_lines(sender, log);
    std::size_t at = 0;
    CHECK(!synced_between(lines, at, "\"GET /livez", "\"HTTP/1.1 200")); // the trace can tell the two apart
    CHECK(synced_between(lines, at, "\"POST /ticketmaster/register/alice", "\"HTTP/1.1 200"));
    CHECK(synced_between(lines, at, "\"POST /ticketmaster/start/alice", "\"HTTP/1.1 200"));
    CHECK(synced_between(lines, at, "\"DELETE /ticketmaster/register/alice", "\"HTTP/1.1 204"));
}

TEST_CASE("64 concurrent accepts cost fewer than 32 syncs", "[process]")
{
    constexpr std::size_t accepts = 64;
    const temporary_folder folder;
    const auto log = folder.path() / "trace";
    // Each sync takes 20 ms longer, as on a disk that has to be waited for, so that what comes meanwhile
    // depends neither on how fast this machine's is nor on what a sanitizer makes of the processor.
    const auto wrapper = strace(log, "fdatasync,fsync", {"-e", "inject=fdatasync,fsync:delay_exit=20000"});
    service receiver(which::receiver, traced_settings(which::receiver, folder), wrapper);
    std::vector<std::unique_ptr<connection>> links;
    std::vector<std::string> requests;
    for (std::size_t made = 0; made < accepts; ++made) {
        links.push_back(std::make_unique<connection>(receiver.address()));
        requests.push_back(webhook_request(receiver.address(), make_event("alice"), test_secret));
    }
    const auto before = count_syncs(read_file(log));
    for (std::size_t each = 0; each < accepts; ++each)
        links[each]->write(requests[each]);
    for (auto& link : links)
        REQUIRE(link->read().value().status == 200);
    const auto cost = count_syncs(read_file(log)) - before;
    CHECK(cost >= 1);
    CHECK(cost < 32);
    CHECK(receiver_api::inbox(receiver.address(), "alice").size() == accepts);
}
