#include "sender-service/registration.hpp"

#include "common/http/url.hpp"
#include "common/webhook/members.hpp"

#include <algorithm>
#include <array>

namespace sender {

boost::system::result<callback, callback_refusal> read_registration(std::string_view body,
                                                                    const http::address_policy& policy,
                                                                    const std::vector<std::string>& origins)
{
    constexpr std::array<std::string_view, 1> names{"callbackUrl"};
    const auto members = webhook::parse_members(body, names);
    if (!members)
        return callback_refusal{400, members.error().detail};
    const auto& text = members->front();
    if (text.what != webhook::member::kind::text)
        return callback_refusal{400, "callbackUrl must be given, as a text"};
    const auto url = http::parse_url(text.text);
    if (!url)
        return callback_refusal{400, "callbackUrl: " + url.error().detail};
    if (const auto why = policy.refuses_text(*url))
        return callback_refusal{422, "callbackUrl: " + *why};
    const auto origin = url->origin();
    if (!origins.empty() && std::find(origins.begin(), origins.end(), origin) == origins.end())
        return callback_refusal{422,
                                "callbackUrl: " + origin +
                                    " is not among the origins that may register here; the operator lists "
                                    "them in SENDER_CALLBACK_ORIGINS"};
    return callback{.url = text.text, .origin = origin};
}

} // namespace sender
