#include "common/service/settings.hpp"

#include "common/runtime/crash_point.hpp"

#include <stdexcept>
#include <utility>

namespace service {

namespace {

constexpr std::uint64_t hour_ms = 3'600'000;

std::string database_path(runtime::settings_reader& reader, const defaults& names, const std::string& name)
{
    constexpr std::string_view scheme = "sqlite:";
    const auto url = reader.text(name, names.database, "where events are kept: sqlite:<path>");
    if (url.starts_with(scheme) && url.size() > scheme.size())
        return url.substr(scheme.size());
    if (url.starts_with("postgresql:") || url.starts_with("postgres:"))
        reader.problem(name, "this version keeps its data in SQLite only: sqlite:<path>");
    else
        reader.problem(name, "must be sqlite:<path>");
    return {};
}

void read_http_limits(runtime::settings_reader& reader, const std::string& prefix, http::server_options& http)
{
    http.connections_max = reader.number(prefix + "MAX_CONNECTIONS", http.connections_max, 1, 1'000'000,
                                         "open connections; one more is closed at once");
    http.body_bytes_max = reader.number(prefix + "MAX_BODY_BYTES", http.body_bytes_max, 1'024, 16'777'216,
                                        "of one request; larger is answered 413");
    http.header_bytes_max =
        reader.number(prefix + "MAX_HEADER_BYTES", http.header_bytes_max, 1'024, 1'048'576,
                      "request line and headers together; larger is answered 431");
    http.request_timeout = reader.milliseconds(prefix + "REQUEST_TIMEOUT_MS",
                                               static_cast<std::uint64_t>(http.request_timeout.count()), 10,
                                               hour_ms, "for a request's head and body to arrive");
    http.idle_timeout =
        reader.milliseconds(prefix + "IDLE_TIMEOUT_MS", static_cast<std::uint64_t>(http.idle_timeout.count()),
                            10, hour_ms, "that a connection may wait between two requests");
}

runtime::log_level log_level_of(const std::string& word)
{
    if (word == "debug")
        return runtime::log_level::debug;
    if (word == "warn")
        return runtime::log_level::warn;
    return word == "error" ? runtime::log_level::error : runtime::log_level::info;
}

// The secrets as they stand now: of the value, or of the file, read anew.
boost::system::result<webhook::secrets, webhook::secrets_error>
load_secrets(const runtime::settings_reader::secret_source& source)
{
    if (source.file.empty())
        return webhook::secrets::parse(source.value);
    const auto text = runtime::read_small_file(source.file);
    if (!text)
        return webhook::secrets_error{"the file cannot be read: " + source.file};
    return webhook::secrets::parse(*text);
}

} // namespace

settings read_settings(runtime::settings_reader& reader, const defaults& names)
{
    const std::string prefix{names.prefix};
    settings read;
    runtime::read_crash_point(reader, prefix);
    read.secret = reader.secret("WEBHOOK_SHARED_SECRET", true,
                                "one to eight secrets that both services share, separated by commas or white "
                                "space; a file is read again on SIGHUP");
    read.listen = reader.listen(prefix + "LISTEN", names.listen,
                                "address:port to serve HTTP on; port 0 takes a free one");
    read.database_path = database_path(reader, names, prefix + "DATABASE");
    read_http_limits(reader, prefix, read.http);
    read.write_queue_max = reader.number(prefix + "WRITE_QUEUE", read.write_queue_max, 1, 1'000'000,
                                         "writes waiting for the disk; past it requests are answered 503");
    read.free_disk_mb_min =
        reader.number(prefix + "MIN_FREE_MB", read.free_disk_mb_min, 0, 1'000'000'000,
                      "of free disk, below which new work is answered 503; 0 never looks");
    read.stop_grace =
        reader.milliseconds(prefix + "STOP_GRACE_MS", static_cast<std::uint64_t>(read.stop_grace.count()), 0,
                            hour_ms, "that a stop waits for what is under way");
    read.log_level = log_level_of(
        reader.choice("LOG_LEVEL", "info", {"debug", "info", "warn", "error"}, "the least that is logged"));
    read.log_format = reader.choice("LOG_FORMAT", "text", {"text", "json"},
                                    "one line an event, on standard error") == "json"
                          ? runtime::log_format::json
                          : runtime::log_format::text;
    if (!read.secret.value.empty()) {
        const auto keys = webhook::secrets::parse(read.secret.value);
        if (keys)
            read.warnings = keys->warnings();
        else
            reader.problem(read.secret.file.empty() ? "WEBHOOK_SHARED_SECRET" : "WEBHOOK_SHARED_SECRET_FILE",
                           keys.error().detail);
    }
    return read;
}

webhook::secrets initial_secrets(const runtime::settings_reader::secret_source& source)
{
    auto keys = load_secrets(source);
    if (!keys)
        throw std::runtime_error("WEBHOOK_SHARED_SECRET: " + keys.error().detail);
    return std::move(*keys);
}

std::optional<webhook::secrets> reload_secrets(const runtime::settings_reader::secret_source& source,
                                               runtime::log& log)
{
    auto keys = load_secrets(source);
    if (!keys) {
        log.error("secrets_kept", {{"detail", keys.error().detail}});
        return std::nullopt;
    }
    log.info("secrets_read", {{"count", keys->size()}});
    for (const auto& warning : keys->warnings())
        log.warn("secrets_read", {{"detail", warning}});
    return std::move(*keys);
}

} // namespace service
