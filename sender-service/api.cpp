#include "sender-service/api.hpp"

#include "common/http/list_query.hpp"
#include "common/http/url.hpp"
#include "common/webhook/event.hpp"
#include "sender-service/registration.hpp"
#include "sender-service/representation.hpp"

#include <utility>

namespace sender {

api::api(store& users, const runtime::clock& clock, runtime::random_source random, api_settings settings,
         api_events events)
    : store_(users),
      clock_(clock),
      random_(std::move(random)),
      settings_(std::move(settings)),
      events_(std::move(events))
{}

std::vector<http::route> api::routes()
{
    return {
        {"POST", "/ticketmaster/register/{userId}", [this](const auto& r) { return register_user(r); }},
        {"DELETE", "/ticketmaster/register/{userId}", [this](const auto& r) { return unregister_user(r); }},
        {"POST", "/ticketmaster/start/{userId}", [this](const auto& r) { return start(r); }},
        {"GET", "/ticketmaster/status/{userId}", [this](const auto& r) { return status(r); }},
        {"GET", "/ticketmaster/deliveries", [this](const auto& r) { return deliveries(r); }},
        {"POST", "/ticketmaster/deliveries/redeliver", [this](const auto& r) { return redeliver_dead(r); }},
        {"GET", "/ticketmaster/deliveries/{id}", [this](const auto& r) { return find_delivery(r); }},
        {"POST", "/ticketmaster/deliveries/{id}/redeliver", [this](const auto& r) { return redeliver(r); }},
        {"GET", "/ticketmaster/origins", [this](const auto& r) { return origins(r); }},
        {"POST", "/ticketmaster/origins/pause", [this](const auto& r) { return pause_origin(r, true); }},
        {"POST", "/ticketmaster/origins/resume", [this](const auto& r) { return pause_origin(r, false); }}};
}

api::answer api::register_user(const http::request& request)
{
    const auto& user_id = request.path_parameters.front();
    if (!webhook::valid_user_id(user_id))
        co_return http::problem(400, webhook::malformed_user_id());
    if (!http::is_json(request))
        co_return http::problem(415, "send the registration as Content-Type: application/json");
    const auto callback = read_registration(request.body, settings_.callbacks, settings_.callback_origins);
    if (!callback)
        co_return http::problem(callback.error().status, callback.error().detail);
    const auto due_at = co_await store_.register_user(user_id, callback->url, callback->origin, clock_.now());
    events_.registration_changed(user_id, due_at);
    co_return http::json(200, registration_json(user_id, callback->url));
}

api::answer api::unregister_user(const http::request& request)
{
    const auto& user_id = request.path_parameters.front();
    if (!webhook::valid_user_id(user_id))
        co_return http::problem(400, webhook::malformed_user_id());
    co_await store_.unregister_user(user_id, clock_.now());
    events_.registration_changed(user_id, std::nullopt);
    co_return http::empty(204);
}

api::answer api::start(const http::request& request)
{
    const auto& user_id = request.path_parameters.front();
    if (!webhook::valid_user_id(user_id))
        co_return http::problem(400, webhook::malformed_user_id());
    const auto schedule = schedule_from(clock_.now(), settings_.waits);
    const auto session = co_await store_.start(user_id, "wr_" + runtime::make_uuid(random_), schedule);
    if (session.began)
        events_.session_started(session.schedule.ready_at);
    co_return http::json(200, session_json(user_id, session, clock_.now()));
}

api::answer api::status(const http::request& request)
{
    const auto& user_id = request.path_parameters.front();
    if (!webhook::valid_user_id(user_id))
        co_return http::problem(400, webhook::malformed_user_id());
    const auto found = co_await store_.status(user_id);
    if (!found)
        co_return http::problem(404, "this user was neither registered nor started");
    co_return http::json(200, status_json(user_id, *found, clock_.now()));
}

api::answer api::deliveries(const http::request& request)
{
    http::list_query query{request};
    delivery_filter filter;
    filter.user_id = query.text("userId");
    if (const auto origin = query.text("origin")) {
        filter.origin = http::parse_origin(*origin);
        if (!filter.origin)
            query.refuse(origin_form);
    }
    filter.limit = query.limit();
    filter.before = query.after();
    if (const auto status = query.text("status")) {
        filter.status = parse_delivery_status(*status);
        if (!filter.status)
            query.refuse("status is pending, delivered or dead");
    }
    if (filter.user_id && !webhook::valid_user_id(*filter.user_id))
        co_return http::problem(400, webhook::malformed_user_id());
    if (const auto problem = query.problem())
        co_return http::problem(400, *problem);
    const auto page = co_await store_.deliveries(filter);
    co_return http::json(200, deliveries_json(page));
}

api::answer api::find_delivery(const http::request& request)
{
    const auto id = http::parse_id(request.path_parameters.front());
    if (id)
        if (const auto found = co_await store_.find_delivery(*id))
            co_return http::json(200, delivery_json(*found));
    co_return http::problem(404, "no such delivery");
}

} // namespace sender
