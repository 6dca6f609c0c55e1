#pragma once

#include "common/http/address_policy.hpp"
#include "common/http/router.hpp"
#include "common/outbox/origins.hpp"
#include "common/runtime/clock.hpp"
#include "common/runtime/random.hpp"
#include "sender-service/store.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sender {

struct api_settings
{
    room_waits waits;
    http::address_policy callbacks;            // where they may go
    std::vector<std::string> callback_origins; // the only ones that may register; empty: any
};

// What the API tells the parts that act on what it stored. Called on the API's loop.
struct api_events
{
    std::function<void(instant ready_at)> session_started;
    // `due_at` is where pending deliveries of the user are due now, if there are any.
    std::function<void(std::string user_id, std::optional<origin_id> due_at)> registration_changed;
    std::function<void(std::vector<origin_id>)> due_now; // deliveries there, which were asked for again
    std::function<void(origin_id, bool paused)> origin_paused;
    // How the dispatcher stands with each.
    std::function<boost::asio::awaitable<std::vector<outbox::origin_report>>(std::vector<origin_id>)> report;
};

// The sender's HTTP API: checks a request, asks the store, words the answer.
class api
{
public:
    // The references must outlive the routes.
    api(store& users, const runtime::clock& clock, runtime::random_source random, api_settings settings,
        api_events events);

    // The paths of /ticketmaster. The api must outlive them.
    std::vector<http::route> routes();

private:
    using answer = boost::asio::awaitable<http::response>;

    answer register_user(const http::request& request);
    answer unregister_user(const http::request& request);
    answer start(const http::request& request);
    answer status(const http::request& request);
    answer deliveries(const http::request& request);
    answer find_delivery(const http::request& request);
    answer redeliver(const http::request& request);
    answer redeliver_dead(const http::request& request);
    answer origins(const http::request& request);
    answer pause_origin(const http::request& request, bool paused);

    store& store_;
    const runtime::clock& clock_;
    runtime::random_source random_;
    api_settings settings_;
    api_events events_;
};

// The OpenAPI document of the service, as /openapi.json serves it.
std::string_view openapi_document();

} // namespace sender
