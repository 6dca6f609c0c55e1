#include "common/http/list_query.hpp"
#include "common/http/url.hpp"
#include "common/webhook/event.hpp"
#include "sender-service/api.hpp"
#include "sender-service/operator_requests.hpp"
#include "sender-service/representation.hpp"

namespace sender {

api::answer api::redeliver(const http::request& request)
{
    const auto id = http::parse_id(request.path_parameters.front());
    const auto done = id ? co_await store_.redeliver(*id, clock_.now()) : redelivery{};
    switch (done.what) {
    case redelivery::answer::unknown:
        co_return http::problem(404, "no such delivery");
    case redelivery::answer::unregistered:
        co_return http::problem(409, "the user of this delivery is not registered any more");
    case redelivery::answer::too_old:
        co_return http::problem(409, "a delivery can be asked for again within 7 days of READY");
    case redelivery::answer::queued:
        break;
    }
    events_.due_now({done.origin});
    co_return http::json(202, redelivery_json(*id));
}

api::answer api::redeliver_dead(const http::request& request)
{
    if (!http::is_json(request))
        co_return http::problem(415, "send the filter as Content-Type: application/json");
    const auto filter = read_dead_filter(request.body);
    if (!filter)
        co_return http::problem(400, filter.error().detail);
    const auto done = co_await store_.redeliver_dead(*filter, clock_.now());
    events_.due_now(done.origins);
    co_return http::json(202, redeliveries_json(done));
}

api::answer api::origins(const http::request& request)
{
    http::list_query query{request};
    origin_filter filter;
    if (const auto origin = query.text("origin")) {
        filter.origin = http::parse_origin(*origin);
        if (!filter.origin)
            query.refuse(origin_form);
    }
    if (const auto with = query.text("with")) {
        filter.with = *with == "pause" ? origin_filter::having::pause : origin_filter::having::pending;
        if (*with != "pause" && *with != "pending")
            query.refuse("with is pending or pause");
    }
    filter.limit = query.limit();
    filter.before = query.after();
    if (const auto problem = query.problem())
        co_return http::problem(400, *problem);
    const auto page = co_await store_.origins(filter);
    std::vector<origin_id> ids;
    for (const auto& each : page.items)
        ids.push_back(each.id);
    const auto reports = co_await events_.report(std::move(ids));
    co_return http::json(200, origins_json(page, reports));
}

api::answer api::pause_origin(const http::request& request, bool paused)
{
    if (!http::is_json(request))
        co_return http::problem(415, "send the origin as Content-Type: application/json");
    const auto origin = read_origin(request.body);
    if (!origin)
        co_return http::problem(400, origin.error().detail);
    const auto found = co_await store_.pause_origin(*origin, paused, clock_.now());
    if (!found)
        co_return http::problem(404, "no user was ever registered at this origin");
    events_.origin_paused(*found, paused);
    co_return http::json(200, paused_json(*origin, paused));
}

} // namespace sender
