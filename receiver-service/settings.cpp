#include "receiver-service/settings.hpp"

namespace receiver {

settings read_settings(runtime::settings_reader& reader)
{
    settings read;
    read.service = service::read_settings(
        reader, {.prefix = "RECEIVER_", .listen = "127.0.0.1:8081", .database = "sqlite:receiver.db"});
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
    reader.refuse_unknown({"RECEIVER_", "WEBHOOK_"});
    return read;
}

} // namespace receiver
