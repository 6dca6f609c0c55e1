#include "common/service/host.hpp"
#include "common/service/start.hpp"
#include "receiver-service/api.hpp"
#include "receiver-service/intake.hpp"
#include "receiver-service/settings.hpp"
#include "receiver-service/sqlite_store.hpp"

namespace {

constexpr std::string_view program = "receiver-service";

int serve(receiver::settings& settings)
{
    service::host host{program, settings.service, receiver::sqlite_owner, receiver::sqlite_migrations()};
    const auto store = receiver::open_sqlite_store(host.database());
    receiver::intake intake{*store, host.clock(), service::initial_secrets(settings.service.secret),
                            settings.policy, host.log()};
    receiver::api api{*store, intake};

    settings.service.http.on_refused = [&](const std::string& remote, unsigned status,
                                           const std::string& detail) {
        intake.refused_by_server(remote, status, detail);
    };
    const auto reload = [&] {
        if (auto keys = service::reload_secrets(settings.service.secret, host.log()))
            intake.replace_secrets(std::move(*keys));
    };
    return host.run(api.routes(), receiver::openapi_document(), {.on_reload = reload});
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
