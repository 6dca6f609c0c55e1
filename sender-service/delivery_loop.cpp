#include "sender-service/delivery_loop.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>

#include <algorithm>

namespace sender {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::milliseconds abort_patience{
    500}; // for exchanges that were told to end at once, if any

http::client_options client_options(const settings& settings)
{
    http::client_options options;
    options.policy = settings.api.callbacks;
    options.ca_file = settings.ca_file;
    return options;
}

} // namespace

delivery_loop::delivery_loop(store& store, const runtime::clock& clock, const settings& settings,
                             webhook::secrets keys, runtime::log& log)
    : stop_grace_(settings.service.stop_grace),
      timers_(runtime::make_system_timers(clock)),
      client_(thread_.executor(), client_options(settings)),
      dispatcher_(thread_.executor(), store, client_, clock, *timers_, runtime::system_random,
                  std::move(keys), settings.dispatch, log),
      promoter_(thread_.executor(), store, clock, *timers_, log,
                [this](std::vector<delivery> made) { dispatcher_.offer(std::move(made)); })
{}

// On the way out of a failure too, the loop ends before what its coroutines refer to.
delivery_loop::~delivery_loop()
{
    if (!started_)
        return;
    begin_stop();
    finish();
}

void delivery_loop::start()
{
    started_ = true;
    promoter_.start();
    dispatcher_.start();
}

void delivery_loop::registration_changed(std::string user_id)
{
    asio::post(thread_.executor(), [this, user = std::move(user_id)] { dispatcher_.forget(user); });
}

void delivery_loop::replace_secrets(webhook::secrets keys)
{
    asio::post(thread_.executor(),
               [this, fresh = std::move(keys)]() mutable { dispatcher_.replace_secrets(std::move(fresh)); });
}

void delivery_loop::begin_stop()
{
    stopped_ = asio::co_spawn(thread_.executor(), stop(), asio::use_future);
}

void delivery_loop::finish()
{
    stopped_.get();
    thread_.finish();
    started_ = false;
}

asio::awaitable<void> delivery_loop::stop()
{
    // Told before anything is waited for: no new attempt begins while the last promotion ends.
    dispatcher_.begin_stop();
    const auto deadline = std::chrono::steady_clock::now() + stop_grace_;
    co_await promoter_.stop(stop_grace_);
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    const bool drained = co_await dispatcher_.drain(std::max(left, std::chrono::milliseconds{0}));
    if (!drained)
        client_.abort();
    co_await dispatcher_.drain(abort_patience);
    client_.stop();
}

} // namespace sender
