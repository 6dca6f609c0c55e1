#include "tests/catch.hpp"
#include "tests/integration/http/client_fixture.hpp"

#include <array>
#include <condition_variable>
#include <mutex>

using namespace client_test;
using namespace std::chrono_literals;
using http::exchange_result;

namespace {

http::client_options with_names(http::address_policy policy, http::lookup_function look_up)
{
    auto options = loopback_options();
    options.policy = std::move(policy);
    options.names.look_up = std::move(look_up);
    return options;
}

// Holds look-ups until they are let go. Thread-safe.
struct gate
{
    std::mutex mutex;
    std::condition_variable changed;
    bool open = false;
    unsigned waiting = 0;

    void pass()
    {
        std::unique_lock lock(mutex);
        ++waiting;
        changed.wait(lock, [this] { return open; });
    }
    void release()
    {
        const std::lock_guard lock(mutex);
        open = true;
        changed.notify_all();
    }
    unsigned held()
    {
        const std::lock_guard lock(mutex);
        return waiting;
    }
};

} // namespace

TEST_CASE("a literal that may not be connected to is refused without a connection, in every spelling")
{
    const auto* const host =
        GENERATE("127.0.0.1", "127.1", "0x7f.1", "2130706433", "0", "[::1]", "[::ffff:127.0.0.1]");
    CAPTURE(host);
    client_fixture test(with_names({}, [](const std::string&) { return name_list::addresses({"1.1.1.1"}); }));
    auto& server = test.serve(answer_always(ok));
    const auto seen = test.post(server.url(host));
    CHECK(seen.result == exchange_result::refused_address);
    CHECK(server.connections == 0);
}

TEST_CASE("a literal in an odd spelling reaches the address that it means, when that is permitted")
{
    client_fixture test;
    auto& server = test.serve(answer_always(ok));
    CHECK(test.post(server.url("127.1")).status == 200);
}

TEST_CASE("a name that resolves to addresses that are not permitted is refused, and nobody is connected to")
{
    client_fixture test(with_names({}, [](const std::string&) {
        return name_list::addresses({"127.0.0.1", "::1", "::ffff:127.0.0.1", "10.0.0.1", "169.254.169.254"});
    }));
    auto& server = test.serve(answer_always(ok));
    const auto seen = test.post(server.url("name.test"));
    CHECK(seen.result == exchange_result::refused_address);
    CHECK(seen.error.find("127.") == std::string::npos);
    CHECK(seen.error.find("10.") == std::string::npos);
    CHECK(server.connections == 0);
}

TEST_CASE("of a mixed list only the permitted addresses are connected to, and Host keeps the name")
{
    const auto policy = http::address_policy::parse("127.0.0.1/32");
    REQUIRE(policy.has_value());
    client_fixture test(with_names(*policy, [](const std::string&) {
        return name_list::addresses({"127.0.0.2", "10.0.0.1", "127.0.0.1"});
    }));
    auto& permitted = test.serve(answer_always(ok));
    auto& other = test.serve(answer_always(ok), "127.0.0.2", permitted.port());
    CHECK(test.post(permitted.url("Name.test")).status == 200);
    CHECK(other.connections == 0);
    REQUIRE(permitted.requests.size() == 1);
    CHECK(permitted.requests[0].find("\r\nHost: name.test:" + std::to_string(permitted.port()) + "\r\n") !=
          std::string::npos);
}

TEST_CASE("an address that refuses the connection is passed over for the next one")
{
    client_fixture test(with_names(http::address_policy::loopback(), [](const std::string&) {
        return name_list::addresses({"127.0.0.2", "127.0.0.1"});
    }));
    auto& server = test.serve(answer_always(ok));
    CHECK(test.post(server.url("name.test")).status == 200);
}

TEST_CASE("a name exempted by host:port may be anywhere but in 169.254.0.0/16")
{
    auto server_port = std::uint16_t{0};
    {
        client_fixture probe;
        server_port = probe.serve(answer_always(ok)).port();
    }
    const auto policy = http::address_policy::parse("name.test:" + std::to_string(server_port));
    REQUIRE(policy.has_value());
    client_fixture test(with_names(*policy, [](const std::string& name) {
        return name_list::addresses({name == "name.test" ? "127.0.0.1" : "169.254.169.254"});
    }));
    auto& server = test.serve(answer_always(ok), "127.0.0.1", server_port);
    CHECK(test.post(server.url("name.test")).status == 200);
    CHECK(test.post(server.url("other.test")).result == exchange_result::refused_address);
}

TEST_CASE("a name without addresses, or whose look-up fails or throws, is a dns failure")
{
    const auto look_up = GENERATE(
        as<http::lookup_function>{}, [](const std::string&) { return http::lookup_answer{}; },
        [](const std::string&) {
            return http::lookup_answer{{}, "no such name"};
        },
        [](const std::string&) -> http::lookup_answer { throw std::runtime_error("broken"); });
    client_fixture test(with_names(http::address_policy::loopback(), look_up));
    auto& server = test.serve(answer_always(ok));
    const auto seen = test.post(server.url("name.test"));
    CHECK(seen.result == exchange_result::dns);
    CHECK_FALSE(seen.error.empty());
    CHECK(server.connections == 0);
}

TEST_CASE("the system's resolver knows localhost, and not a name under .invalid")
{
    client_fixture test;
    auto& server = test.serve(answer_always(ok));
    CHECK(test.post(server.url("no-such-name.invalid"), {2'000ms, 4'000ms}).result !=
          exchange_result::answered);
    CHECK(test.post(server.url("localhost")).status == 200);
}

TEST_CASE("a look-up that hangs delays neither another name, nor the deadline, nor the end of the client")
{
    const auto hanging = std::make_shared<gate>();
    {
        client_fixture test(with_names(http::address_policy::loopback(), [hanging](const std::string& name) {
            if (name == "hangs.test")
                hanging->pass();
            return name_list::addresses({"127.0.0.1"});
        }));
        auto& server = test.serve(answer_always(ok));
        const auto slow = test.begin(server.url("hangs.test"), {500ms, 10'000ms});
        CHECK(test.post(server.url("quick.test")).status == 200);
        test.run_until([&] { return slow->has_value(); });
        CHECK((*slow)->result == exchange_result::connect_timeout);
        CHECK((*slow)->error.find("500 ms") != std::string::npos);
    }
    hanging->release();
}

TEST_CASE("those who ask for one name at the same time share a look-up, and its answer is used again")
{
    const auto held = std::make_shared<gate>();
    const auto names = std::make_shared<name_list>();
    client_fixture test(with_names(http::address_policy::loopback(), [held, names](const std::string&) {
        ++names->asked;
        held->pass();
        return name_list::addresses({"127.0.0.1"});
    }));
    auto& server = test.serve(answer_always(ok));
    std::array<std::shared_ptr<std::optional<http::exchange>>, 10> all;
    for (auto& one : all)
        one = test.begin(server.url("name.test"));
    test.run_until([&] { return held->held() == 1; });
    held->release();
    for (const auto& one : all) {
        test.run_until([&] { return one->has_value(); });
        CHECK((*one)->status == 200);
    }
    CHECK(test.post(server.url("name.test")).status == 200);
    CHECK(names->asked == 1);
}

TEST_CASE("a failed look-up is not remembered")
{
    const auto names = std::make_shared<name_list>();
    client_fixture test(with_names(http::address_policy::loopback(), [names](const std::string&) {
        return ++names->asked == 1 ? http::lookup_answer{{}, "try again"}
                                   : name_list::addresses({"127.0.0.1"});
    }));
    auto& server = test.serve(answer_always(ok));
    CHECK(test.post(server.url("name.test")).result == exchange_result::dns);
    CHECK(test.post(server.url("name.test")).status == 200);
    CHECK(names->asked == 2);
}

TEST_CASE("more names than the queue holds fail at once, and those before them are looked up")
{
    const auto held = std::make_shared<gate>();
    auto options = with_names(http::address_policy::loopback(), [held](const std::string&) {
        held->pass();
        return name_list::addresses({"127.0.0.1"});
    });
    options.names.threads_max = 1;
    options.names.queue_max = 1;
    client_fixture test(options);
    auto& server = test.serve(answer_always(ok));
    const auto first = test.begin(server.url("first.test"));
    test.run_until([&] { return held->held() == 1; });
    const auto second = test.begin(server.url("second.test"));
    const auto third = test.post(server.url("third.test"));
    CHECK(third.result == exchange_result::dns);
    CHECK(third.error.find("too many") != std::string::npos);
    held->release();
    test.run_until([&] { return first->has_value() && second->has_value(); });
    CHECK((*first)->status == 200);
    CHECK((*second)->status == 200);
}
