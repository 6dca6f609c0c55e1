#pragma once

#include "common/http/transport.hpp"
#include "common/outbox/delivery.hpp"
#include "common/webhook/secrets.hpp"

namespace outbox {

// The POST of one attempt that begins at `now`: the stored bytes, signed afresh in both schemes.
http::outgoing signed_request(webhook::secrets& keys, const delivery& due, instant now);

// What the retry plan needs to know of an exchange that ended at `now`.
outcome outcome_of(const http::exchange& seen, instant now);

// What is kept of an attempt for people.
attempt describe_attempt(const delivery& due, const http::exchange& seen, instant started_at,
                         instant ended_at);

} // namespace outbox
