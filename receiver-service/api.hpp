#pragma once

#include "common/http/router.hpp"
#include "receiver-service/intake.hpp"
#include "receiver-service/store.hpp"

#include <string_view>
#include <vector>

namespace receiver {

// The receiver's HTTP API: the webhook path, and what was received as its users and operators see it.
class api
{
public:
    // The references must outlive the routes.
    api(store& events, intake& webhooks) : store_(events), intake_(webhooks) {}

    // The paths of /user-app. The api must outlive them.
    std::vector<http::route> routes();

private:
    using answer = boost::asio::awaitable<http::response>;

    answer inbox(const http::request& request);
    answer events(const http::request& request);
    answer find_event(const http::request& request);
    answer rejections(const http::request& request);

    store& store_;
    intake& intake_;
};

// The OpenAPI document of the service, as /openapi.json serves it.
std::string_view openapi_document();

} // namespace receiver
