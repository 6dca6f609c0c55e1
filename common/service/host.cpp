#include "common/service/host.hpp"

#include "common/http/health_routes.hpp"
#include "common/runtime/crash_point.hpp"
#include "common/runtime/descriptors.hpp"
#include "common/runtime/rethrow.hpp"
#include "common/runtime/signals.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <iostream>
#include <unistd.h>

namespace service {

namespace asio = boost::asio;

namespace {

// For callbacks on the wire, the database, the log and what the libraries open.
constexpr std::size_t descriptors_besides = 1'000;

std::string to_text(const asio::ip::tcp::endpoint& endpoint)
{
    return runtime::listen_address{endpoint.address().to_string(), endpoint.port()}.to_string();
}

} // namespace

host::host(std::string_view program, const settings& read, storage::application_id owner,
           std::span<const storage::migration> migrations)
    : settings_(read),
      log_(clock_, read.log_level, read.log_format, runtime::log::standard_error())
{
    log_.info("starting",
              {{"program", program}, {"version", WAITING_ROOM_VERSION}, {"database", read.database_path}});
    for (const auto& warning : read.warnings)
        log_.warn("settings", {{"detail", warning}});
    raise_descriptor_limit();
    storage::database_options options;
    options.path = read.database_path;
    options.owner = owner;
    options.write_queue_max = read.write_queue_max;
    options.free_disk.bytes_min = read.free_disk_mb_min * 1'048'576;
    options.free_disk.on_change = [this](bool low) {
        if (low)
            log_.warn("disk_low", {{"detail", "new work is refused until more of the disk is free"}});
        else
            log_.info("disk_free");
    };
    options.on_fatal = [this](const std::string& what) {
        // After a failed fsync nothing in memory can be trusted to reach the disk: what was acknowledged is
        // there, and a restart reads it. No destructor may run on the way out.
        log_.error("storage_failed", {{"detail", what}});
        ::_exit(EXIT_FAILURE);
    };
    database_ = std::make_unique<storage::database>(std::move(options), migrations);
}

// A connection that finds no descriptor fails like one that the peer refused, which would be held against it.
void host::raise_descriptor_limit()
{
    const auto needed = settings_.http.connections_max + descriptors_besides;
    const auto given = runtime::raise_descriptor_limit();
    if (given < needed)
        log_.warn("descriptor_limit",
                  {{"given", given},
                   {"needed", needed},
                   {"detail", "raise the hard limit (ulimit -Hn) or lower MAX_CONNECTIONS"}});
}

bool host::ready() const
{
    return !stopping_ && database_->healthy();
}

std::unique_ptr<http::server> host::listen(std::vector<http::route> routes)
{
    const auto& address = settings_.listen;
    try {
        const asio::ip::tcp::endpoint endpoint{asio::ip::make_address(address.host), address.port};
        return std::make_unique<http::server>(loop(), endpoint, settings_.http, std::move(routes), log_);
    }
    catch (const boost::system::system_error& failure) {
        throw std::runtime_error("cannot listen on " + address.to_string() + ": " + failure.code().message());
    }
}

// The signals are let go last: until then a second one ends the process at once.
asio::awaitable<void> host::stop_serving(http::server& server, runtime::signals& signals)
{
    co_await server.stop(settings_.stop_grace);
    signals.cancel();
}

int host::run(std::vector<http::route> routes, std::string_view openapi, const callbacks& calls)
{
    for (auto& route : http::health_routes([this] { return ready(); }, openapi))
        routes.push_back(std::move(route));
    const auto listening = listen(std::move(routes));
    auto& server = *listening;
    std::unique_ptr<runtime::signals> signals;
    const auto begin_stop = [&] {
        log_.info("stopping", {{"grace_ms", settings_.stop_grace.count()}});
        stopping_ = true;
        calls.on_stop();
        runtime::crash_at(runtime::crash_point::stop);
        asio::co_spawn(loop_, stop_serving(server, *signals), runtime::rethrow);
    };
    signals = std::make_unique<runtime::signals>(loop(), begin_stop, calls.on_reload);
    calls.on_start();
    server.start();
    log_.info("listening", {{"address", to_text(server.endpoint())}});
    loop_.run();
    calls.drained();
    runtime::crash_at(runtime::crash_point::stop);
    database_->stop();
    log_.info("stopped");
    return EXIT_SUCCESS;
}

int guarded(std::string_view program, const std::function<int()>& serve)
{
    try {
        return serve();
    }
    catch (const std::exception& failure) {
        std::cerr << program << ": " << failure.what() << '\n';
        return EXIT_FAILURE;
    }
}

} // namespace service
