#include "sender-service/settings.hpp"

#include "common/http/url.hpp"
#include "common/outbox/settings.hpp"
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

void read_sending(runtime::settings_reader& reader, settings& read)
{
    outbox::read_settings(reader, "SENDER_", "READY, or a redelivery", read.sending);
    read.sending.client.policy = read.api.callbacks;
    read.sending.stop_grace = read.service.stop_grace;
    outbox::read_retention(reader, "SENDER_", "that deliveries and sessions are kept after their end",
                           read.keeping);
    read.keeping.age_max = read.sending.dispatch.settled_after();
    read.keeping.expired_line = "deliveries_expired";
    read.keeping.pruned_line = "sessions_pruned";
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

} // namespace

settings read_settings(runtime::settings_reader& reader)
{
    settings read;
    read.service = service::read_settings(
        reader, {.prefix = "SENDER_", .listen = "127.0.0.1:8080", .database = "sqlite:sender.db"});
    read_waits(reader, read.api.waits);
    read_callback_policy(reader, read);
    read_callback_origins(reader, read);
    read_sending(reader, read);
    reader.belongs_elsewhere("WEBHOOK_MAX_CLOCK_SKEW_SECONDS");
    reader.refuse_unknown({"SENDER_", "WEBHOOK_"});
    return read;
}

} // namespace sender
