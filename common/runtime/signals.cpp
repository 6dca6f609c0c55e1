#include "common/runtime/signals.hpp"

#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <unistd.h>
#include <utility>

namespace runtime {

namespace {

constexpr int status_killed_by_signal = 130; // what a shell reports for Ctrl-C

} // namespace

struct signals::state : std::enable_shared_from_this<state>
{
    boost::asio::signal_set set;
    std::function<void()> on_stop;
    std::function<void()> on_reload;
    bool stopping = false;
    bool cancelled = false;

    state(const boost::asio::any_io_executor& loop, std::function<void()> stop, std::function<void()> reload)
        : set(loop, SIGTERM, SIGINT, SIGHUP),
          on_stop(std::move(stop)),
          on_reload(std::move(reload))
    {}

    void listen()
    {
        set.async_wait([self = shared_from_this()](const boost::system::error_code& failure, int number) {
            if (failure || self->cancelled) {
                return; // whatever the callbacks refer to may be gone
            }
            self->listen(); // first, so that the callback may cancel
            self->received(number);
        });
    }

    void received(int number)
    {
        if (number == SIGHUP) {
            on_reload();
            return;
        }
        if (stopping) {
            ::_exit(status_killed_by_signal); // what was acknowledged is on disk already
        }
        stopping = true;
        on_stop();
    }
};

signals::signals(const boost::asio::any_io_executor& loop, std::function<void()> on_stop,
                 std::function<void()> on_reload)
    : state_(std::make_shared<state>(loop, std::move(on_stop), std::move(on_reload)))
{
    struct sigaction ignore = {};
    ignore.sa_handler = SIG_IGN;
    ::sigaction(SIGPIPE, &ignore, nullptr);
    state_->listen();
}

signals::~signals()
{
    cancel();
}

void signals::cancel()
{
    state_->cancelled = true;
    boost::system::error_code ignored;
    state_->set.clear(ignored); // gives the signals their default effect again
    state_->set.cancel(ignored);
}

} // namespace runtime
