#include "bench/load.hpp"
#include "tests/catch.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <chrono>
#include <stdexcept>
#include <string_view>

// The generator against a server that is as slow as it is told to be.

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr std::string_view answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

// Answers the requests of one connection, each some time after it came.
class slow_server
{
public:
    slow_server(asio::io_context& loop, std::chrono::milliseconds wait)
        : acceptor_(loop, {asio::ip::address_v4::loopback(), 0}),
          peer_(loop),
          timer_(loop),
          wait_(wait)
    {
        acceptor_.async_accept(peer_, [this](const boost::system::error_code& error) {
            if (!error)
                read();
        });
    }

    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

private:
    void read()
    {
        peer_.async_read_some(asio::buffer(request_),
                              [this](const boost::system::error_code& error, std::size_t) {
                                  if (!error)
                                      wait();
                              });
    }

    void wait()
    {
        timer_.expires_after(wait_);
        timer_.async_wait([this](const boost::system::error_code& error) {
            if (error)
                return;
            asio::write(peer_, asio::buffer(answer));
            read();
        });
    }

    tcp::acceptor acceptor_;
    tcp::socket peer_;
    asio::steady_timer timer_;
    std::chrono::milliseconds wait_;
    std::array<char, 1'024> request_{};
};

bench::load_plan plan_of(const slow_server& server, std::size_t requests)
{
    bench::load_plan plan;
    plan.port = server.port();
    plan.requests = requests;
    plan.limit_s = 30;
    plan.request = [](std::size_t) { return std::string("GET / HTTP/1.1\r\nHost: slow\r\n\r\n"); };
    return plan;
}

} // namespace

TEST_CASE("an open loop counts the starts that a slow answer delays, and their wait as latency")
{
    asio::io_context loop;
    slow_server server(loop, std::chrono::milliseconds(20));
    auto plan = plan_of(server, 5);
    plan.rate = 1'000;
    auto done = bench::run_load(loop, plan);
    CHECK(done.late >= 4); // due after 1, 2, 3 and 4 ms, sent after 20, 40, 60 and 80
    CHECK(done.latencies.percentile_ms(1) >= 96);
    REQUIRE(done.due_ns.size() == 5);
    CHECK(done.due_ns[4] - done.began_ns == 4'000'000);
}

TEST_CASE("a closed loop is never late: it sends when it may")
{
    asio::io_context loop;
    slow_server server(loop, std::chrono::milliseconds(20));
    auto done = bench::run_load(loop, plan_of(server, 3));
    CHECK(done.late == 0);
    CHECK(done.latencies.percentile_ms(0) >= 20);
    CHECK(done.ended_ns - done.began_ns >= 60'000'000);
}

TEST_CASE("an open loop whose backlog is full fails, and a closed loop waits for it")
{
    asio::io_context loop;
    slow_server server(loop, std::chrono::milliseconds(0));
    std::size_t sent = 0;
    std::size_t looks = 0;
    auto plan = plan_of(server, 6);
    plan.request = [&sent, make = plan.request](std::size_t index) {
        ++sent;
        return make(index);
    };
    plan.on_its_way_max = 3;
    SECTION("open")
    {
        plan.rate = 1'000;
        plan.arrived = [] { return std::size_t{0}; };
        try {
            bench::run_load(loop, plan);
            FAIL("the load ended");
        }
        catch (const std::runtime_error& full) {
            CHECK(std::string_view(full.what()) ==
                  "the pair does not keep up with the rate: 3 are started and not in the inbox");
        }
        CHECK(sent == 3);
    }
    SECTION("closed")
    {
        plan.arrived = [&] {
            CHECK(sent <= 3 + looks / 10);
            return ++looks / 10;
        };
        bench::run_load(loop, plan);
        CHECK(sent == 6);
        CHECK(looks >= 30);
    }
}
