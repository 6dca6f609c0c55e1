#include "common/outbox/housekeeper.hpp"
#include "common/service/host.hpp"
#include "common/service/start.hpp"
#include "receiver-service/api.hpp"
#include "receiver-service/forwarder.hpp"
#include "receiver-service/intake.hpp"
#include "receiver-service/settings.hpp"
#include "receiver-service/sqlite_store.hpp"

namespace {

constexpr std::string_view program = "receiver-service";

int serve(receiver::settings& settings)
{
    service::host host{program, settings.service, receiver::sqlite_owner, receiver::sqlite_migrations()};
    const auto store = receiver::open_sqlite_store(host.database(), settings.forwarding.url);
    auto keys = service::initial_secrets(settings.service.secret);
    receiver::forwarder forwarder{*store, host.clock(), settings.forwarding, keys.copy(), host.log()};
    receiver::intake intake{*store,          host.clock(), std::move(keys),
                            settings.policy, host.log(),   forwarder.takes_accepted()};
    receiver::api api{*store, intake, host.clock(), forwarder.takes_reprocessed()};
    const auto timers = runtime::make_system_timers(host.clock());
    outbox::housekeeper housekeeper{host.loop(), *store, host.clock(), *timers, settings.keeping, host.log()};

    settings.service.http.on_refused = [&](const std::string& remote, unsigned status,
                                           const std::string& detail) {
        intake.refused_by_server(remote, status, detail);
    };
    const auto reload = [&] {
        if (auto fresh = service::reload_secrets(settings.service.secret, host.log())) {
            forwarder.replace_secrets(fresh->copy());
            intake.replace_secrets(std::move(*fresh));
        }
    };
    const auto start = [&] {
        forwarder.start(host.loop());
        housekeeper.start();
    };
    const auto stop = [&] {
        forwarder.begin_stop();
        housekeeper.begin_stop();
    };
    return host.run(
        api.routes(), receiver::openapi_document(),
        {.on_start = start, .on_reload = reload, .on_stop = stop, .drained = [&] { forwarder.finish(); }});
}

} // namespace

int main(int argc, char** argv)
{
    const auto environment = runtime::process_environment();
    runtime::settings_reader reader{environment};
    auto settings = receiver::read_settings(reader);
    if (const auto status = service::exit_status_of(program, argc, argv, reader, settings.service))
        return *status;
    return service::guarded(program, [&] { return serve(settings); });
}
