#include "common/http/responder.hpp"

#include "common/runtime/errors.hpp"

#include <utility>

namespace http {

namespace asio = boost::asio;

asio::awaitable<response> responder::answer(request& message, std::string_view target) const
{
    auto result = match(routes_, message.method, target);
    if (auto* const hit = std::get_if<found>(&result)) {
        message.path_parameters = std::move(hit->parameters);
        message.query = std::move(hit->query);
        co_return co_await handle(routes_[hit->index].handle, message);
    }
    if (const auto* const bad = std::get_if<bad_target>(&result))
        co_return refuse(message, 400, bad->detail);
    if (auto* const other = std::get_if<method_not_allowed>(&result)) {
        auto refusal = problem(405, "This path takes other methods: " + other->allow + ".");
        refusal.headers.push_back({"Allow", std::move(other->allow)});
        co_return refusal;
    }
    co_return problem(404, "Nothing is served at this path.");
}

asio::awaitable<response> responder::handle(const handler& handle_request, const request& message) const
{
    try {
        co_return co_await handle_request(message);
    }
    catch (const runtime::unavailable& reason) {
        co_return problem(503, reason.what());
    }
    catch (const std::exception& error) {
        co_return fail(message, error.what());
    }
}

response responder::refuse(const request& message, unsigned status, const std::string& detail) const
{
    if (on_refused_)
        on_refused_(message.remote, status, detail);
    return problem(status, detail);
}

response responder::fail(const request& message, std::string_view what) const
{
    if (log_ != nullptr)
        log_->error("request_failed", {{"method", message.method}, {"path", message.path}, {"error", what}});
    return problem(500, "The request failed here; the service's log says why.");
}

} // namespace http
