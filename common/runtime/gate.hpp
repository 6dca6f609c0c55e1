#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstddef>

namespace runtime {

// Counts what is under way on one loop, so that a stop can wait until nothing is. All functions on the loop.
class gate
{
public:
    explicit gate(const boost::asio::any_io_executor& loop);

    // One piece of work, from its construction to its destruction.
    class pass
    {
    public:
        explicit pass(gate& through) : gate_(through) { ++gate_.inside_; }
        ~pass() { gate_.leave(); }
        pass(const pass&) = delete;
        pass& operator=(const pass&) = delete;

    private:
        gate& gate_;
    };

    // Completes with true when nothing is inside, with false when `patience` ended first.
    boost::asio::awaitable<bool> wait_empty(std::chrono::milliseconds patience);

private:
    void leave();

    std::size_t inside_ = 0;
    boost::asio::steady_timer empty_;
};

} // namespace runtime
