#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <memory>

namespace runtime {

// Listens for signals on a loop. SIGTERM or SIGINT calls `on_stop` once; a second one ends the process at
// once with status 130. SIGHUP calls `on_reload`. SIGPIPE is ignored from the constructor on.
class signals
{
public:
    signals(const boost::asio::any_io_executor& loop, std::function<void()> on_stop,
            std::function<void()> on_reload);
    ~signals();

    signals(const signals&) = delete;
    signals& operator=(const signals&) = delete;

    // Stops listening, so that the loop can run out of work; a second SIGTERM then has its default effect.
    void cancel();

private:
    struct state;
    std::shared_ptr<state> state_;
};

} // namespace runtime
