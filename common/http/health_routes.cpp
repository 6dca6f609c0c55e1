#include "common/http/health_routes.hpp"

#include <memory>
#include <string>

namespace http {

namespace asio = boost::asio;

std::vector<route> health_routes(std::function<bool()> ready, std::string_view openapi)
{
    // The closures live in the routes, which outlive every request: a coroutine may use what they captured.
    struct answers
    {
        std::function<bool()> ready;
        std::string_view openapi;

        asio::awaitable<response> readiness() const
        {
            co_return ready() ? json(200, R"({"status":"ready"})")
                              : problem(503, "the service is stopping, or its storage has failed");
        }
        asio::awaitable<response> document() const { co_return json(200, std::string(openapi)); }
        static asio::awaitable<response> liveness() { co_return json(200, R"({"status":"live"})"); }
    };
    const auto shared = std::make_shared<const answers>(answers{std::move(ready), openapi});
    return {{"GET", "/livez", [](const request&) { return answers::liveness(); }},
            {"GET", "/readyz", [shared](const request&) { return shared->readiness(); }},
            {"GET", "/openapi.json", [shared](const request&) { return shared->document(); }}};
}

} // namespace http
