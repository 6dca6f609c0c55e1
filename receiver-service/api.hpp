#pragma once

#include "common/http/router.hpp"
#include "common/runtime/clock.hpp"
#include "receiver-service/intake.hpp"
#include "receiver-service/store.hpp"

#include <functional>
#include <string_view>
#include <utility>
#include <vector>

namespace receiver {

// The receiver's HTTP API: the webhook path, and what was received as its users and operators see it.
class api
{
public:
    // Told that an event is to be forwarded again, from now on. Null where nothing is forwarded.
    using reprocessed = std::function<void(instant now)>;

    // The references must outlive the routes.
    api(store& events, intake& webhooks, const runtime::clock& clock, reprocessed forward_again = nullptr)
        : store_(events),
          intake_(webhooks),
          clock_(clock),
          forward_again_(std::move(forward_again))
    {}

    // The paths of /user-app. The api must outlive them.
    std::vector<http::route> routes();

private:
    using answer = boost::asio::awaitable<http::response>;

    answer inbox(const http::request& request);
    answer events(const http::request& request);
    answer find_event(const http::request& request);
    answer reprocess(const http::request& request);
    answer rejections(const http::request& request);

    store& store_;
    intake& intake_;
    const runtime::clock& clock_;
    reprocessed forward_again_;
};

// The OpenAPI document of the service, as /openapi.json serves it.
std::string_view openapi_document();

} // namespace receiver
