#include "common/service/host.hpp"
#include "common/service/start.hpp"
#include "sender-service/api.hpp"
#include "sender-service/delivery_loop.hpp"
#include "sender-service/settings.hpp"
#include "sender-service/sqlite_store.hpp"

namespace {

constexpr std::string_view program = "sender-service";

int serve(const sender::settings& settings)
{
    service::host host{program, settings.service, sender::sqlite_owner, sender::sqlite_migrations()};
    const auto store = sender::open_sqlite_store(host.database());
    sender::delivery_loop delivery{*store, host.clock(), settings,
                                   service::initial_secrets(settings.service.secret), host.log()};
    sender::api api{
        *store,
        host.clock(),
        runtime::system_random,
        settings.api,
        {.session_started = [&](sender::instant ready_at) { delivery.session_started(ready_at); },
         .registration_changed =
             [&](std::string user, std::optional<sender::origin_id> due_at) {
                 delivery.registration_changed(std::move(user), due_at);
             },
         .due_now = [&](std::vector<sender::origin_id> origins) { delivery.due_now(std::move(origins)); },
         .origin_paused = [&](sender::origin_id origin, bool paused) { delivery.set_paused(origin, paused); },
         .report = [&](std::vector<sender::origin_id> of) { return delivery.report(std::move(of)); }}};

    const auto reload = [&] {
        if (auto keys = service::reload_secrets(settings.service.secret, host.log()))
            delivery.replace_secrets(std::move(*keys));
    };
    return host.run(api.routes(), sender::openapi_document(),
                    {.on_start = [&] { delivery.start(); },
                     .on_reload = reload,
                     .on_stop = [&] { delivery.begin_stop(); },
                     .drained = [&] { delivery.finish(); }});
}

} // namespace

int main(int argc, char** argv)
{
    const auto environment = runtime::process_environment();
    runtime::settings_reader reader{environment};
    const auto settings = sender::read_settings(reader);
    if (const auto status = service::exit_status_of(program, argc, argv, reader, settings.service))
        return *status;
    return service::guarded(program, [&] { return serve(settings); });
}
