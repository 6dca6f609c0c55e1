#include "receiver-service/settings.hpp"

#include "common/http/url.hpp"
#include "common/outbox/settings.hpp"
#include "receiver-service/intake.hpp"

namespace receiver {

namespace {

void read_verification(runtime::settings_reader& reader, settings& read)
{
    read.policy.skew_max = std::chrono::seconds{
        reader.number("WEBHOOK_MAX_CLOCK_SKEW_SECONDS", 300, 0, 86'400,
                      "that a signature's timestamp may be away from this clock, in either direction")};
    const auto signatures = reader.choice(
        "RECEIVER_SIGNATURES", "any", {"any", "standard"},
        "any: X-Signature or Standard Webhooks alone suffices; standard: the latter is required");
    read.policy.required =
        signatures == "standard" ? webhook::required_scheme::standard : webhook::required_scheme::any;
    if (read.policy.required == webhook::required_scheme::any)
        read.service.warnings.emplace_back(
            "RECEIVER_SIGNATURES is any: a request signed with X-Signature alone is accepted, which protects "
            "neither the body nor, between users of one secret, the userId; standard requires "
            "webhook-signature");
}

// What is sent there would come back here. Not every way to this receiver can be known, so it is not refused.
bool leads_back(const http::url& app, const runtime::listen_address& listen)
{
    const bool this_machine = app.host == listen.host || app.host == "127.0.0.1" || app.host == "::1" ||
                              app.bare_host() == "localhost";
    return this_machine && app.port == listen.port && app.target == webhook_path;
}

void read_forwarding(runtime::settings_reader& reader, settings& read)
{
    auto& url = read.forwarding.url;
    url = reader.text("RECEIVER_FORWARD_URL", "",
                      "where each accepted event is POSTed to, signed anew; empty: nowhere");
    auto& sending = read.forwarding.sending;
    outbox::read_settings(reader, "RECEIVER_", "an event was accepted, or reprocess was asked for", sending);
    sending.client.policy = http::address_policy::everything();
    sending.client.user_agent = "waiting-room-receiver";
    sending.stop_grace = read.service.stop_grace;
    if (url.empty())
        return;
    const auto app = http::parse_url(url);
    if (!app)
        reader.problem("RECEIVER_FORWARD_URL", app.error().detail);
    else if (leads_back(*app, read.service.listen))
        read.service.warnings.emplace_back("RECEIVER_FORWARD_URL is this receiver's own webhook path: what "
                                           "it forwards comes back to it, as a "
                                           "duplicate");
}

void read_retention(runtime::settings_reader& reader, settings& read)
{
    outbox::read_retention(reader, "RECEIVER_", "that an event is kept once it is processed or dead",
                           read.keeping);
    const auto dedupe = std::chrono::days{
        reader.number("RECEIVER_DEDUPE_DAYS", 14, 1, outbox::retention_days_max,
                      "that an idempotency key is kept at least; its event is kept as long")};
    if (read.keeping.retention < dedupe)
        reader.problem("RECEIVER_RETENTION_DAYS",
                       "must not be less than RECEIVER_DEDUPE_DAYS: a key is kept with its event");
    if (!read.forwarding.url.empty())
        read.keeping.age_max = read.forwarding.sending.dispatch.settled_after();
    read.keeping.expired_line = "events_expired";
    read.keeping.pruned_line = "events_pruned";
}

} // namespace

settings read_settings(runtime::settings_reader& reader)
{
    settings read;
    read.service = service::read_settings(
        reader, {.prefix = "RECEIVER_", .listen = "127.0.0.1:8081", .database = "sqlite:receiver.db"});
    read_verification(reader, read);
    read_forwarding(reader, read);
    read_retention(reader, read);
    reader.refuse_unknown({"RECEIVER_", "WEBHOOK_"});
    return read;
}

} // namespace receiver
