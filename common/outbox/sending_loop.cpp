#include "common/outbox/sending_loop.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <algorithm>

namespace outbox {

namespace asio = boost::asio;

namespace {

// For exchanges that were told to end at once, if any.
constexpr std::chrono::milliseconds abort_patience{500};

} // namespace

sending_loop::sending_loop(store& deliveries, const runtime::clock& clock, const sending_settings& settings,
                           webhook::secrets keys, runtime::log& log, stop_first others)
    : stop_grace_(settings.stop_grace),
      others_(std::move(others)),
      timers_(runtime::make_system_timers(clock)),
      client_(thread_.executor(), settings.client),
      dispatcher_(thread_.executor(), deliveries, client_, clock, *timers_, runtime::system_random,
                  std::move(keys), settings.dispatch, log)
{}

sending_loop::~sending_loop()
{
    close();
}

void sending_loop::close()
{
    if (!started_)
        return;
    begin_stop();
    finish();
}

void sending_loop::start()
{
    started_ = true;
    dispatcher_.start();
}

void sending_loop::tell(std::function<void(dispatcher&)> what)
{
    asio::post(thread_.executor(), [this, what = std::move(what)] { what(dispatcher_); });
}

// Not by tell(), whose functions can be copied; secrets cannot.
void sending_loop::replace_secrets(webhook::secrets keys)
{
    asio::post(thread_.executor(),
               [this, fresh = std::move(keys)]() mutable { dispatcher_.replace_secrets(std::move(fresh)); });
}

asio::awaitable<std::vector<origin_report>> sending_loop::report(std::vector<origin_id> of)
{
    auto there = report_here(std::move(of));
    co_return co_await asio::co_spawn(thread_.executor(), std::move(there), asio::use_awaitable);
}

asio::awaitable<std::vector<origin_report>> sending_loop::report_here(std::vector<origin_id> of)
{
    co_return dispatcher_.report(of);
}

void sending_loop::begin_stop()
{
    stopped_ = asio::co_spawn(thread_.executor(), stop(), asio::use_future);
}

void sending_loop::finish()
{
    stopped_.get();
    thread_.finish();
    started_ = false;
}

asio::awaitable<void> sending_loop::stop()
{
    // Told before anything is waited for: no new attempt begins while the others end.
    dispatcher_.begin_stop();
    const auto deadline = std::chrono::steady_clock::now() + stop_grace_;
    if (others_) {
        co_await others_(stop_grace_);
    }
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    const bool drained = co_await dispatcher_.drain(std::max(left, std::chrono::milliseconds{0}));
    if (!drained)
        client_.abort();
    co_await dispatcher_.drain(abort_patience);
    client_.stop();
}

} // namespace outbox
