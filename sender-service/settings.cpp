#include "sender-service/settings.hpp"

#include "common/http/tls_context.hpp"
#include "common/http/url.hpp"
#include "common/webhook/split_list.hpp"

namespace sender {

namespace {

constexpr std::uint64_t day_ms = 86'400'000;

std::uint64_t count(std::chrono::milliseconds value)
{
    return static_cast<std::uint64_t>(value.count());
}

void read_waits(runtime::settings_reader& reader, room_waits& waits)
{
    waits.waiting_after = reader.milliseconds("SENDER_WAITING_AFTER_MS", count(waits.waiting_after), 0,
                                              day_ms, "from start to WAITING");
    waits.ready_after = reader.milliseconds("SENDER_READY_AFTER_MS", count(waits.ready_after), 0, day_ms,
                                            "from start to READY");
    if (waits.waiting_after > waits.ready_after)
        reader.problem("SENDER_READY_AFTER_MS", "must not be less than SENDER_WAITING_AFTER_MS");
}

void read_dispatch(runtime::settings_reader& reader, dispatch_settings& dispatch)
{
    auto& retry = dispatch.retry;
    retry.base = reader.milliseconds("SENDER_RETRY_BASE_MS", count(retry.base), 1, day_ms,
                                     "before the first retry; doubled for each further one");
    retry.max = reader.milliseconds("SENDER_RETRY_MAX_MS", count(retry.max), 1, 7 * day_ms,
                                    "that a retry waits at most");
    retry.attempts_max = static_cast<unsigned>(reader.number("SENDER_RETRY_ATTEMPTS", retry.attempts_max, 1,
                                                             attempts_kept_max, "the first one counts"));
    retry.age_max = std::chrono::hours{
        reader.number("SENDER_DELIVERY_MAX_AGE_HOURS", static_cast<std::uint64_t>(retry.age_max.count()), 1,
                      168, "after READY a delivery is dead, whatever stopped it")};
    dispatch.limits.connect = reader.milliseconds("SENDER_CONNECT_TIMEOUT_MS", count(dispatch.limits.connect),
                                                  1, 600'000, "for name look-up, connect and TLS handshake");
    dispatch.limits.whole =
        reader.milliseconds("SENDER_DELIVERY_TIMEOUT_MS", count(dispatch.limits.whole), 1, 600'000,
                            "for the whole exchange, name look-up and body included");
    dispatch.in_flight_max =
        reader.number("SENDER_IN_FLIGHT", dispatch.in_flight_max, 1, 10'000, "attempts under way at once");
}

void read_callback_policy(runtime::settings_reader& reader, settings& read)
{
    const auto allowed = reader.text_if_set(
        "SENDER_ALLOWED_CALLBACKS", "loopback, when listening on loopback",
        "CIDRs and host:port that callbacks may go to besides public addresses; set, even to "
        "nothing, it means exactly what it says");
    if (!allowed) {
        if (read.service.listen.is_loopback())
            read.api.callbacks = http::address_policy::loopback();
        return;
    }
    auto policy = http::address_policy::parse(*allowed);
    if (policy)
        read.api.callbacks = std::move(*policy);
    else
        reader.problem("SENDER_ALLOWED_CALLBACKS", policy.error().detail);
}

void read_callback_origins(runtime::settings_reader& reader, settings& read)
{
    const auto listed = reader.text("SENDER_CALLBACK_ORIGINS", "",
                                    "the only origins that may register, as scheme://host:port; empty: any");
    for (const auto& item : webhook::split_list(listed)) {
        if (auto origin = http::parse_origin(item))
            read.api.callback_origins.push_back(std::move(*origin));
        else
            reader.problem("SENDER_CALLBACK_ORIGINS",
                           std::string(item).append(" is not scheme://host or scheme://host:port"));
    }
    if (!read.service.listen.is_loopback() && read.api.callback_origins.empty())
        read.service.warnings.emplace_back(
            "SENDER_LISTEN is not loopback and SENDER_CALLBACK_ORIGINS is empty: whoever reaches this "
            "service can have any permitted callback called, signed with the shared secret");
}

// Read here, so that a bad file is among the problems, and again when the client is made.
void read_ca_file(runtime::settings_reader& reader, settings& read)
{
    read.ca_file = reader.text("SENDER_CA_FILE", "",
                               "PEM file of authorities trusted for https callbacks besides the system's");
    if (read.ca_file.empty())
        return;
    try {
        http::make_tls_context(read.ca_file);
    }
    catch (const std::runtime_error& failure) {
        reader.problem("SENDER_CA_FILE", failure.what());
    }
}

} // namespace

settings read_settings(runtime::settings_reader& reader)
{
    settings read;
    read.service = service::read_settings(
        reader, {.prefix = "SENDER_", .listen = "127.0.0.1:8080", .database = "sqlite:sender.db"});
    read_waits(reader, read.api.waits);
    read_dispatch(reader, read.dispatch);
    read_callback_policy(reader, read);
    read_callback_origins(reader, read);
    read_ca_file(reader, read);
    reader.belongs_elsewhere("WEBHOOK_MAX_CLOCK_SKEW_SECONDS");
    reader.refuse_unknown({"SENDER_", "WEBHOOK_"});
    return read;
}

} // namespace sender
