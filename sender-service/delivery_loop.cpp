#include "sender-service/delivery_loop.hpp"

#include <algorithm>

namespace sender {

namespace asio = boost::asio;

delivery_loop::delivery_loop(store& store, const runtime::clock& clock, const settings& settings,
                             webhook::secrets keys, runtime::log& log)
    : clock_(clock),
      sending_(store, clock, settings.sending, std::move(keys), log,
               [this](std::chrono::milliseconds grace) { return stop_first(grace); }),
      promoter_(sending_.executor(), store, clock, sending_.timers(), log,
                [this](std::vector<delivery> made) { sending_.deliver().offer(std::move(made)); }),
      housekeeper_(sending_.executor(), store, clock, sending_.timers(), settings.keeping, log)
{}

void delivery_loop::start()
{
    promoter_.start();
    housekeeper_.start();
    sending_.start();
}

void delivery_loop::registration_changed(std::string user_id, std::optional<origin_id> due_at_origin)
{
    sending_.tell([this, user = std::move(user_id), due_at_origin](outbox::dispatcher& deliver) {
        deliver.forget(user);
        if (due_at_origin)
            deliver.note_stored(*due_at_origin, clock_.now());
    });
}

void delivery_loop::due_now(std::vector<origin_id> origins)
{
    sending_.tell([this, origins = std::move(origins)](outbox::dispatcher& deliver) {
        for (const auto each : origins)
            deliver.note_stored(each, clock_.now());
    });
}

void delivery_loop::set_paused(origin_id origin, bool paused)
{
    sending_.tell([origin, paused](outbox::dispatcher& deliver) { deliver.set_paused(origin, paused); });
}

void delivery_loop::replace_secrets(webhook::secrets keys)
{
    sending_.replace_secrets(std::move(keys));
}

asio::awaitable<void> delivery_loop::stop_first(std::chrono::milliseconds grace)
{
    const auto deadline = std::chrono::steady_clock::now() + grace;
    co_await promoter_.stop(grace);
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    co_await housekeeper_.stop(std::max(left, std::chrono::milliseconds{0}));
}

} // namespace sender
