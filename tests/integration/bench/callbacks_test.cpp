#include "bench/failing_callbacks.hpp"
#include "bench/refusing_origin.hpp"
#include "bench/sink.hpp"
#include "tests/catch.hpp"
#include "tests/integration/support/http_client.hpp"

#include <set>
#include <stdexcept>

// The benchmark's own callbacks, asked by a client that is not the project's.

namespace {

using bench::conduct;

constexpr std::chrono::milliseconds patience{300};

integration::origin callback(const bench::failing_callbacks& all)
{
    return integration::origin::parse(all.origins().front());
}

std::string a_post(const integration::origin& to)
{
    return integration::request_bytes(to, "POST", "/user-app/webhooks/waiting-room",
                                      {{"webhook-id", "a-key"}}, "{}");
}

} // namespace

TEST_CASE("a callback of the benchmark that answers does so again and again, on one connection")
{
    const auto [how, status] = GENERATE(std::pair{conduct::takes, 204U}, std::pair{conduct::fails, 500U},
                                        std::pair{conduct::unavailable, 503U});
    bench::failing_callbacks all({how});
    const auto peer = callback(all);
    integration::connection link(peer);
    for (int i = 0; i < 2; ++i) {
        link.write(a_post(peer));
        const auto answer = link.read(status == 204); // without a body or a length, as for HEAD
        REQUIRE(answer);
        CHECK(answer->status == status);
    }
    CHECK(all.close() == 2);
}

TEST_CASE("a callback that stalls or drips keeps the connection, and one that resets does not")
{
    const auto how = GENERATE(conduct::stalls, conduct::drips, conduct::resets);
    bench::failing_callbacks all({how});
    const auto peer = callback(all);
    integration::connection link(peer);
    link.write(a_post(peer));
    CHECK(link.ends_within(how == conduct::resets ? std::chrono::seconds(20) : patience) ==
          (how == conduct::resets));
    CHECK(all.close() == 1);
    CHECK(link.ends_within(std::chrono::seconds(20)));
}

TEST_CASE("a callback that drips sends the start of an answer, and one that stalls sends nothing")
{
    const auto how = GENERATE(conduct::stalls, conduct::drips);
    bench::failing_callbacks all({how});
    const auto at = callback(all);
    boost::asio::io_context loop;
    boost::asio::ip::tcp::socket peer(loop);
    peer.connect({boost::asio::ip::make_address(at.host), static_cast<std::uint16_t>(std::stoi(at.port))});
    const auto post = a_post(at);
    peer.send(boost::asio::buffer(post));
    std::string answer(100, '\0');
    std::size_t came = 0;
    peer.async_receive(boost::asio::buffer(answer),
                       [&](const boost::system::error_code&, std::size_t count) { came = count; });
    loop.run_for(how == conduct::drips ? std::chrono::milliseconds(20'000) : patience);
    answer.resize(came);
    CHECK(answer == (how == conduct::drips ? "H" : ""));
    peer.close();
    loop.restart();
    loop.run();
}

TEST_CASE("the origins of a sink each have an address of their own, of this machine")
{
    boost::asio::io_context loop;
    const bench::sink counting(loop, conduct::takes, 300);
    std::set<std::string> hosts;
    for (const auto& url : counting.origins()) {
        hosts.insert(integration::origin::parse(url).host);
        CHECK(url.find("http://127.") == 0);
    }
    CHECK(hosts.size() == 300);
}

TEST_CASE("an origin that refuses does so at once, and its port is nobody else's")
{
    const bench::refusing_origin dead;
    const auto at = integration::origin::parse(dead.url());
    CHECK_THROWS_AS(integration::connection(at), std::runtime_error);
    boost::asio::io_context loop;
    boost::asio::ip::tcp::acceptor other(loop, boost::asio::ip::tcp::v4());
    boost::system::error_code taken;
    other.bind({boost::asio::ip::make_address(at.host), static_cast<std::uint16_t>(std::stoi(at.port))},
               taken);
    CHECK(taken == boost::asio::error::address_in_use);
}
