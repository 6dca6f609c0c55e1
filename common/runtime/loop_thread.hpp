#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <thread>

namespace runtime {

// A single-threaded loop on a thread of its own. Ends when it was told to and has nothing left to do.
class loop_thread
{
public:
    loop_thread() : work_(context_.get_executor()), thread_([this] { context_.run(); }) {}
    ~loop_thread() { finish(); }
    loop_thread(const loop_thread&) = delete;
    loop_thread& operator=(const loop_thread&) = delete;

    boost::asio::io_context::executor_type executor() { return context_.get_executor(); }

    // Waits until the loop has run out of work. What was spawned on it must have been told to stop.
    void finish()
    {
        work_.reset();
        if (thread_.joinable())
            thread_.join();
    }

private:
    boost::asio::io_context context_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    std::thread thread_;
};

} // namespace runtime
