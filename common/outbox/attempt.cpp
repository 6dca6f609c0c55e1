#include "common/outbox/attempt.hpp"

#include "common/http/retry_after.hpp"
#include "common/webhook/signature.hpp"

#include <algorithm>

namespace outbox {

http::outgoing signed_request(webhook::secrets& keys, const delivery& due, instant now)
{
    auto signatures = webhook::sign(keys, due.idempotency_key, now, due.body);
    http::outgoing message;
    message.url = due.callback_url;
    message.body = due.body;
    message.headers.reserve(5);
    message.headers.push_back({"X-Signature", std::move(signatures.seed)});
    message.headers.push_back({"X-Signature-Timestamp", signatures.timestamp});
    message.headers.push_back({"webhook-id", std::move(signatures.id)});
    message.headers.push_back({"webhook-timestamp", std::move(signatures.timestamp)});
    message.headers.push_back({"webhook-signature", std::move(signatures.standard)});
    return message;
}

outcome outcome_of(const http::exchange& seen, instant now)
{
    outcome result{.result = seen.result, .status = seen.status, .retry_after = std::nullopt};
    if (seen.retry_after)
        result.retry_after = http::parse_retry_after(*seen.retry_after, now);
    return result;
}

attempt describe_attempt(const delivery& due, const http::exchange& seen, instant started_at,
                         instant ended_at)
{
    return {.number = due.attempts_made + 1,
            .started_at = started_at,
            .duration = std::max(ended_at - started_at, std::chrono::milliseconds{0}),
            .callback_url = due.callback_url,
            .result = std::string(to_string(seen.result)),
            .status = seen.status,
            .error = seen.error,
            .response = seen.body};
}

} // namespace outbox
