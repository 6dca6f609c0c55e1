#pragma once

#include "tests/integration/support/http_client.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace integration {

enum class scheme { seed, standard, both };

// The signature headers and the content type of an event, signed by common/webhook. `age` is how old the
// timestamp is; negative for one in the future.
headers signature_headers(std::string_view secret, std::string_view key, std::string_view body,
                          scheme which = scheme::both, std::chrono::seconds age = std::chrono::seconds(0));

// An event as a sender of this project writes it.
struct sample_event
{
    std::string user;
    std::string session;
    std::string key;
    std::string body;
};

sample_event make_event(std::string_view user);

// The same with `body` in its place, the key kept.
sample_event with_body(sample_event event, std::string body);

// The request that posts an event to the webhook path, signed with `secret`.
std::string webhook_request(const origin& receiver, const sample_event& event, std::string_view secret,
                            scheme which = scheme::both);

// A text that no other test, and no other run against the same services, uses; fit for a userId.
std::string unique(std::string_view prefix);

inline constexpr std::string_view webhook_path = "/user-app/webhooks/waiting-room";

} // namespace integration
