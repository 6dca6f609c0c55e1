#pragma once

#include "common/http/router.hpp"
#include "common/runtime/clock.hpp"
#include "common/runtime/log.hpp"
#include "common/webhook/secrets.hpp"
#include "common/webhook/verify.hpp"
#include "receiver-service/rejections.hpp"
#include "receiver-service/store.hpp"

#include <functional>
#include <string_view>

namespace receiver {

inline constexpr std::string_view webhook_path = "/user-app/webhooks/waiting-room";

// The webhook path: verify, drop duplicates, store durably, answer. All functions on the API's loop.
class intake
{
public:
    // Takes an event that was accepted and is to be forwarded.
    using forward = std::function<void(outbox::delivery)>;

    // The references must outlive it.
    intake(store& events, const runtime::clock& clock, webhook::secrets keys, webhook::verify_policy policy,
           runtime::log& log, forward to_app = nullptr);

    // POST /user-app/webhooks/waiting-room. 200 only after the event, or the one that it repeats, is durable.
    boost::asio::awaitable<http::response> receive(const http::request& request);

    // A request that was refused before it reached any handler.
    void refused_by_server(const std::string& remote, unsigned status, const std::string& detail);

    void replace_secrets(webhook::secrets keys) { keys_ = std::move(keys); }

    const rejections& refused() const { return rejections_; }

private:
    http::response refuse(const http::request& request, unsigned status, std::string_view reason,
                          const std::string& detail);

    store& store_;
    const runtime::clock& clock_;
    webhook::secrets keys_;
    webhook::verify_policy policy_;
    runtime::log& log_;
    forward to_app_;
    rejections rejections_;
};

} // namespace receiver
