// Where the sender lets callbacks go.
#include "tests/catch.hpp"
#include "tests/integration/support/api.hpp"
#include "tests/integration/support/pair.hpp"

#include <array>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace integration;

namespace {

// This machine's own name, when it resolves to IPv4 loopback addresses only, as Debian sets it up.
std::optional<std::string> loopback_name()
{
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0)
        return std::nullopt;
    addrinfo hints{};
    hints.ai_family = AF_INET;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (::getaddrinfo(name.data(), nullptr, &hints, &found) != 0)
        return std::nullopt;
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
    for (const auto* each = found; each != nullptr; each = each->ai_next) {
        sockaddr_in address{};
        std::memcpy(&address, each->ai_addr, sizeof address);
        if ((ntohl(address.sin_addr.s_addr) >> 24U) != 127)
            return std::nullopt;
    }
    return std::string(name.data());
}

reply register_at(const origin& sender, std::string_view url)
{
    return post_json(sender, "/ticketmaster/register/alice",
                     R"({"callbackUrl":")" + std::string(url) + R"("})");
}

} // namespace

TEST_CASE("with SENDER_ALLOWED_CALLBACKS set to nothing a loopback callback is refused", "[process]")
{
    const temporary_folder folder;
    service sender(which::sender, test_settings(which::sender, folder, {{"SENDER_ALLOWED_CALLBACKS", ""}}));
    const auto url = GENERATE(as<std::string>{}, "http://127.0.0.1:8081/", "http://localhost:8081/",
                              "http://127.1/", "http://[::1]:8081/", "http://2130706433/", "http://0x7f.1/",
                              "http://LOCALHOST/", "http://[::ffff:127.0.0.1]/", "http://0/");
    const auto answer = register_at(sender.address(), url);
    INFO(url << " " << shown(answer));
    CHECK(is_problem(answer, 422));
    CHECK(get(sender.address(), "/ticketmaster/status/alice").status == 404);
}

TEST_CASE("without SENDER_ALLOWED_CALLBACKS a sender on loopback takes loopback callbacks", "[process]")
{
    const temporary_folder folder;
    service sender(which::sender, test_settings(which::sender, folder));
    CHECK(register_at(sender.address(), "http://127.0.0.1:8081/").status == 200);
    CHECK(register_at(sender.address(), "http://localhost:8081/").status == 200);
    CHECK(register_at(sender.address(), "http://10.0.0.1/").status == 422);
}

TEST_CASE("a permitted CIDR or host:port is permitted, and nothing beside it", "[process]")
{
    const temporary_folder folder;
    service sender(
        which::sender,
        test_settings(which::sender, folder, {{"SENDER_ALLOWED_CALLBACKS", "10.1.0.0/16, 127.0.0.1:8081"}}));
    CHECK(register_at(sender.address(), "http://10.1.2.3/").status == 200);
    CHECK(register_at(sender.address(), "http://127.0.0.1:8081/").status == 200);
    CHECK(register_at(sender.address(), "http://10.2.2.3/").status == 422);
    CHECK(register_at(sender.address(), "http://127.0.0.1:8082/").status == 422);
}

TEST_CASE("SENDER_CALLBACK_ORIGINS names the only origins that may register", "[process]")
{
    const temporary_folder folder;
    service sender(which::sender, test_settings(which::sender, folder,
                                                {{"SENDER_CALLBACK_ORIGINS", "http://127.0.0.1:8081"}}));
    CHECK(register_at(sender.address(), "http://127.0.0.1:8081/any/path?query").status == 200);
    CHECK(is_problem(register_at(sender.address(), "http://127.0.0.1:8082/"), 422));
    CHECK(is_problem(register_at(sender.address(), "https://127.0.0.1:8081/"), 422));
    CHECK(is_problem(register_at(sender.address(), "http://example.com/"), 422));
}

TEST_CASE("a name that turns out to be a forbidden address ends its delivery as refused_address", "[process]")
{
    const auto name = loopback_name();
    if (!name) {
        WARN("this machine's name does not resolve to loopback: left to the unit tests");
        return;
    }
    service_pair pair(settings{{"SENDER_ALLOWED_CALLBACKS", ""}});
    const auto sender = pair.sender().address();
    const auto url = "http://" + *name + ":" + pair.receiver().address().port + std::string(webhook_path);
    const auto answer = register_at(sender, url);
    INFO(shown(answer));
    REQUIRE(answer.status == 200); // a name is judged when it is connected to
    const auto session = sender_api::start(sender, "alice");
    const auto dead = sender_api::delivery_when(sender, "alice", session, "dead");
    CHECK(dead.at("reason") == "refused_address");
    CHECK(dead.at("attempts") == 1);
    CHECK(receiver_api::inbox(pair.receiver().address(), "alice").empty());
}
