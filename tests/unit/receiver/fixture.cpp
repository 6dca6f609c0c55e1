#include "tests/unit/receiver/fixture.hpp"

#include "common/webhook/signature.hpp"

#include <boost/json/parse.hpp>

namespace test {

http::response receiver_fixture::answer(http::request request, std::string_view target)
{
    const auto routes = api.routes();
    const auto matched = http::match(routes, request.method, target);
    const auto* route = std::get_if<http::found>(&matched);
    if (!route)
        return http::problem(404, "no such path");
    request.path = std::string(target.substr(0, target.find('?')));
    request.path_parameters = route->parameters;
    request.query = route->query;
    return result_of(routes[route->index].handle(request));
}

http::response receiver_fixture::get(std::string_view target)
{
    http::request request;
    request.method = "GET";
    return answer(std::move(request), target);
}

boost::json::value receiver_fixture::get_json(std::string_view target)
{
    return boost::json::parse(get(target).body);
}

http::response receiver_fixture::reprocess(std::string_view id)
{
    http::request request;
    request.method = "POST";
    return answer(std::move(request), "/user-app/events/" + std::string(id) + "/reprocess");
}

http::response receiver_fixture::receive(std::string_view user, std::string_view session)
{
    return post(event_body(user, session), webhook::idempotency_key_of(session));
}

http::response receiver_fixture::post(const std::string& body, std::string_view key, std::string_view secret)
{
    auto keys = *webhook::secrets::parse(secret);
    const auto signatures = webhook::sign(keys, key, clock.now(), body);
    http::request request;
    request.method = "POST";
    request.remote = "127.0.0.1:40000";
    request.body = body;
    request.headers = {{"Content-Type", "application/json"},
                       {"X-Signature", signatures.seed},
                       {"X-Signature-Timestamp", signatures.timestamp},
                       {"webhook-id", signatures.id},
                       {"webhook-timestamp", signatures.timestamp},
                       {"webhook-signature", signatures.standard}};
    request.head = "POST /user-app/webhooks/waiting-room HTTP/1.1\r\n";
    for (const auto& header : request.headers)
        request.head += header.name + ": " + header.value + "\r\n";
    request.head += "\r\n";
    return answer(request, "/user-app/webhooks/waiting-room");
}

std::string event_body(std::string_view user, std::string_view session)
{
    return webhook::to_json(webhook::make_ready_event(user, session, fixed_clock{}.now()));
}

} // namespace test
