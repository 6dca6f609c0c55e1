#include "tests/integration/support/signing.hpp"

#include "common/webhook/event.hpp"
#include "common/webhook/signature.hpp"

#include <atomic>
#include <random>
#include <stdexcept>

namespace integration {

headers signature_headers(std::string_view secret, std::string_view key, std::string_view body, scheme which,
                          std::chrono::seconds age)
{
    auto keys = webhook::secrets::parse(secret);
    if (!keys)
        throw std::runtime_error(keys.error().detail);
    const auto now =
        std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
    const auto signs = webhook::sign(*keys, key, now - age, body);
    headers fields{{"Content-Type", "application/json"}};
    if (which != scheme::standard) {
        fields.push_back({"X-Signature", signs.seed});
        fields.push_back({"X-Signature-Timestamp", signs.timestamp});
    }
    if (which != scheme::seed) {
        fields.push_back({"webhook-id", signs.id});
        fields.push_back({"webhook-timestamp", signs.timestamp});
        fields.push_back({"webhook-signature", signs.standard});
    }
    return fields;
}

sample_event make_event(std::string_view user)
{
    sample_event result;
    result.user = user;
    result.session = unique("wr_");
    const auto now =
        std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
    const auto event = webhook::make_ready_event(user, result.session, now);
    result.key = event.idempotency_key;
    result.body = webhook::to_json(event);
    return result;
}

sample_event with_body(sample_event event, std::string body)
{
    event.body = std::move(body);
    return event;
}

std::string webhook_request(const origin& receiver, const sample_event& event, std::string_view secret,
                            scheme which)
{
    return request_bytes(receiver, "POST", webhook_path,
                         signature_headers(secret, event.key, event.body, which), event.body);
}

std::string unique(std::string_view prefix)
{
    static const auto run = std::to_string(std::random_device{}());
    static std::atomic<unsigned> count{0};
    return std::string(prefix) + run + "-" + std::to_string(++count);
}

} // namespace integration
