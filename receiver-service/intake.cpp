#include "receiver-service/intake.hpp"

#include "common/runtime/crash_point.hpp"
#include "common/webhook/signature.hpp"

#include <utility>

namespace receiver {

namespace asio = boost::asio;

namespace {

webhook::signature_headers signature_headers_of(const http::request& request)
{
    return {.seed_signature = request.values(webhook::seed_signature_header),
            .seed_timestamp = request.values(webhook::seed_timestamp_header),
            .standard_id = request.values(webhook::standard_id_header),
            .standard_timestamp = request.values(webhook::standard_timestamp_header),
            .standard_signature = request.values(webhook::standard_signature_header)};
}

} // namespace

intake::intake(store& events, const runtime::clock& clock, webhook::secrets keys,
               webhook::verify_policy policy, runtime::log& log, forward to_app)
    : store_(events),
      clock_(clock),
      keys_(std::move(keys)),
      policy_(policy),
      log_(log),
      to_app_(std::move(to_app))
{}

asio::awaitable<http::response> intake::receive(const http::request& request)
{
    if (!http::is_json(request))
        co_return refuse(request, 415, "not_json", "send the event as Content-Type: application/json");
    const auto now = clock_.now();
    auto verified = webhook::verify(keys_, policy_, signature_headers_of(request), request.body, now);
    if (!verified) {
        const auto& why = verified.error();
        const unsigned status = why.what == webhook::refusal::kind::unauthenticated ? 401 : 400;
        co_return refuse(request, status, why.reason, why.detail);
    }
    incoming event;
    event.event = std::move(verified->event);
    event.how = verified->how;
    event.received_at = now;
    event.remote = request.remote;
    event.head = request.head;
    event.body = request.body;
    auto kept = co_await store_.accept(std::move(event));
    runtime::crash_at(runtime::crash_point::after_accept);
    if (to_app_ && kept.to_forward)
        to_app_(std::move(*kept.to_forward));
    co_return http::json(200, kept.result == acceptance::accepted ? R"({"result":"accepted"})"
                                                                  : R"({"result":"duplicate"})");
}

void intake::refused_by_server(const std::string& remote, unsigned status, const std::string& detail)
{
    log_.warn("request_refused",
              {{"remote", remote}, {"status", status}, {"reason", "framing"}, {"detail", detail}});
    rejections_.add(
        {.at = clock_.now(), .remote = remote, .status = status, .reason = "framing", .detail = detail});
}

http::response intake::refuse(const http::request& request, unsigned status, std::string_view reason,
                              const std::string& detail)
{
    log_.warn("webhook_refused",
              {{"remote", request.remote}, {"status", status}, {"reason", reason}, {"detail", detail}});
    rejections_.add({.at = clock_.now(),
                     .remote = request.remote,
                     .status = status,
                     .reason = std::string(reason),
                     .detail = detail});
    if (status != 401)
        return http::problem(status, detail);
    // Whoever cannot sign learns nothing about why: every authentication failure gets the same answer.
    auto answer =
        http::problem(401, "the request is not signed as this receiver demands; its operator sees why in "
                           "the list of rejections");
    answer.headers.push_back({"WWW-Authenticate", "Webhook-Signature"});
    return answer;
}

} // namespace receiver
