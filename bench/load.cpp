#include "bench/load.hpp"

#include "bench/message_size.hpp"
#include "bench/numbers.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <chrono>
#include <deque>
#include <stdexcept>

namespace bench {

namespace asio = boost::asio;
using asio::ip::tcp;
using std::chrono::nanoseconds;

namespace {

constexpr std::int64_t late_ns = 1'000'000;
constexpr std::chrono::milliseconds between_looks{1}; // while too much is on its way

class generator;

// A kept connection with at most one request under way.
class lane
{
public:
    lane(asio::io_context& loop, generator& owner, std::uint16_t port)
        : owner_(owner),
          socket_(loop),
          port_(port)
    {}

    // Connects first when it has not yet: a server does not wait long for the first request.
    void send(std::string request, std::int64_t due_ns);

private:
    void connect();
    void read();
    void take(std::size_t size);
    void check(const boost::system::error_code& error) const;

    generator& owner_;
    tcp::socket socket_;
    std::uint16_t port_;
    std::string request_;
    std::int64_t due_ns_ = 0;
    std::array<char, 4'096> answer_{};
    std::size_t held_ = 0;
};

class generator
{
public:
    generator(asio::io_context& loop, const load_plan& plan)
        : plan_(plan),
          timer_(loop),
          limit_(loop, std::chrono::seconds(plan.limit_s))
    {
        for (std::size_t i = 0; i < plan.connections; ++i) {
            idle_.push_back(&lanes_.emplace_back(loop, *this, plan.port));
        }
        limit_.async_wait([this](const boost::system::error_code& error) {
            if (!error)
                throw std::runtime_error(limit_text(plan_.what, result_.latencies.count(), plan_.requests,
                                                    "answered", plan_.limit_s));
        });
    }

    void start()
    {
        result_.began_ns = now_ns();
        pump();
    }

    void answered(lane& by, std::int64_t due_ns, unsigned status)
    {
        const auto now = now_ns();
        result_.latencies.add(now - due_ns);
        result_.refused += status / 100 != 2;
        idle_.push_back(&by);
        if (result_.latencies.count() == plan_.requests) {
            result_.ended_ns = now;
            limit_.cancel();
            timer_.cancel();
        }
        else {
            pump();
        }
    }

    bool done() const { return result_.ended_ns != 0; }
    load_result take() { return std::move(result_); }

private:
    // When the next request is to be sent; in a closed loop that is now.
    std::int64_t due_ns(std::int64_t now) const
    {
        return plan_.rate > 0 ? result_.began_ns +
                                    static_cast<std::int64_t>(static_cast<double>(sent_) * 1e9 / plan_.rate)
                              : now;
    }

    // Sends whatever is due on whichever connection is idle; else looks again when something will be due.
    void pump()
    {
        while (!idle_.empty() && sent_ < plan_.requests) {
            const auto now = now_ns();
            const auto due = due_ns(now);
            if (due > now)
                return look_again(nanoseconds(due - now));
            if (too_much_on_its_way())
                return look_again(between_looks);
            result_.late += now - due > late_ns;
            result_.due_ns.push_back(due);
            auto* const next = idle_.front(); // in turn, so that none is idle for long
            idle_.pop_front();
            next->send(plan_.request(sent_++), due);
        }
    }

    // Throws in an open loop, which cannot wait: its figures would be those of another rate.
    bool too_much_on_its_way() const
    {
        if (!plan_.arrived)
            return false;
        const auto arrived = plan_.arrived();
        if (sent_ < arrived + plan_.on_its_way_max)
            return false;
        if (plan_.rate > 0)
            throw std::runtime_error("the pair does not keep up with the rate: " +
                                     std::to_string(sent_ - arrived) + " are started and not in the inbox");
        return true;
    }

    void look_again(nanoseconds wait)
    {
        timer_.expires_after(wait);
        timer_.async_wait([this](const boost::system::error_code& error) {
            if (!error)
                pump();
        });
    }

    const load_plan& plan_;
    asio::steady_timer timer_;
    asio::steady_timer limit_;
    std::deque<lane> lanes_;
    std::deque<lane*> idle_;
    std::size_t sent_ = 0;
    load_result result_;
};

void lane::send(std::string request, std::int64_t due_ns)
{
    request_ = std::move(request);
    due_ns_ = due_ns;
    held_ = 0;
    if (!socket_.is_open())
        connect();
    asio::async_write(socket_, asio::buffer(request_),
                      [this](const boost::system::error_code& error, std::size_t) {
                          check(error);
                          read();
                      });
}

void lane::connect()
{
    socket_.connect({asio::ip::address_v4::loopback(), port_});
    socket_.set_option(tcp::no_delay(true));
}

void lane::read()
{
    socket_.async_read_some(asio::buffer(answer_.data() + held_, answer_.size() - held_),
                            [this](const boost::system::error_code& error, std::size_t size) {
                                check(error);
                                take(size);
                            });
}

void lane::take(std::size_t size)
{
    held_ += size;
    const std::string_view held(answer_.data(), held_);
    const auto whole = message_size(held);
    if (whole == 0 || held.size() < whole)
        return read();
    constexpr std::size_t status_at = 9; // "HTTP/1.1 200"
    owner_.answered(*this, due_ns_,
                    static_cast<unsigned>(std::stoul(std::string(held.substr(status_at, 3)))));
}

void lane::check(const boost::system::error_code& error) const
{
    if (error)
        throw std::runtime_error("a connection to a daemon ended: " + error.message());
}

} // namespace

std::string limit_text(const std::string& what, std::size_t done, std::size_t asked, const std::string& how,
                       unsigned limit_s)
{
    return what + ": " + number_text(static_cast<double>(done), 0) + " of " +
           number_text(static_cast<double>(asked), 0) + " were " + how + " within " +
           number_text(limit_s, 0) + " s (--limit)";
}

load_result run_load(asio::io_context& loop, const load_plan& plan)
{
    generator all(loop, plan);
    const auto cpu_s = own_cpu_s();
    all.start();
    loop.restart();
    while (!all.done()) // a sink on the same loop never runs out of work
        loop.run_one();
    auto done = all.take();
    done.cpu_s = own_cpu_s() - cpu_s;
    loop.restart();
    loop.poll(); // a timer's handler that is queued is the generator's, which goes
    return done;
}

} // namespace bench
