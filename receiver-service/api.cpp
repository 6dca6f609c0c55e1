#include "receiver-service/api.hpp"

#include "common/http/list_query.hpp"
#include "common/webhook/event.hpp"
#include "receiver-service/representation.hpp"

namespace receiver {

std::vector<http::route> api::routes()
{
    return {{"POST", webhook_path, [this](const auto& r) { return intake_.receive(r); }},
            {"GET", "/user-app/inbox/{userId}", [this](const auto& r) { return inbox(r); }},
            {"GET", "/user-app/events", [this](const auto& r) { return events(r); }},
            {"GET", "/user-app/events/{id}", [this](const auto& r) { return find_event(r); }},
            {"POST", "/user-app/events/{id}/reprocess", [this](const auto& r) { return reprocess(r); }},
            {"GET", "/user-app/rejections", [this](const auto& r) { return rejections(r); }}};
}

api::answer api::inbox(const http::request& request)
{
    const auto& user_id = request.path_parameters.front();
    if (!webhook::valid_user_id(user_id))
        co_return http::problem(400, webhook::malformed_user_id());
    const auto events = co_await store_.inbox(user_id);
    co_return http::json(200, inbox_json(events));
}

api::answer api::events(const http::request& request)
{
    http::list_query query{request};
    event_filter filter;
    filter.user_id = query.text("userId");
    filter.limit = query.limit();
    filter.before = query.after();
    const auto status = query.text("status");
    if (status) {
        filter.status = parse_event_status(*status);
        if (!filter.status)
            query.refuse("status is accepted, processed or dead");
    }
    if (filter.user_id && !webhook::valid_user_id(*filter.user_id))
        co_return http::problem(400, webhook::malformed_user_id());
    if (const auto problem = query.problem())
        co_return http::problem(400, *problem);
    const auto page = co_await store_.events(filter);
    co_return http::json(200, events_json(page));
}

api::answer api::find_event(const http::request& request)
{
    const auto id = http::parse_id(request.path_parameters.front());
    if (id)
        if (const auto found = co_await store_.find_event(*id))
            co_return http::json(200, event_json(*found));
    co_return http::problem(404, "no such event");
}

api::answer api::reprocess(const http::request& request)
{
    if (!forward_again_)
        co_return http::problem(409, "this receiver forwards nothing: RECEIVER_FORWARD_URL is not set");
    const auto id = http::parse_id(request.path_parameters.front());
    const auto now = clock_.now();
    bool found = false;
    if (id) {
        found = co_await store_.reprocess(*id, now);
    }
    if (!found)
        co_return http::problem(404, "no such event");
    forward_again_(now);
    co_return http::json(202, reprocessing_json(*id));
}

api::answer api::rejections(const http::request& request)
{
    const http::list_query query{request};
    if (const auto problem = query.problem())
        co_return http::problem(400, *problem);
    co_return http::json(200, rejections_json(intake_.refused()));
}

} // namespace receiver
