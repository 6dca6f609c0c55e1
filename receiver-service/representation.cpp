#include "receiver-service/representation.hpp"

#include "common/http/head.hpp"
#include "common/outbox/attempt_json.hpp"
#include "common/runtime/utf8.hpp"
#include "common/webhook/base64.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace receiver {

namespace json = boost::json;

namespace {

json::value number_or_null(const std::optional<std::int64_t>& number)
{
    return number ? json::value(*number) : json::value(nullptr);
}

json::value time_or_null(const std::optional<instant>& at)
{
    return at ? json::value(webhook::to_iso8601_millis(*at)) : json::value(nullptr);
}

std::string base64_of(std::string_view bytes)
{
    return webhook::to_base64({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

json::object summary_object(const event_summary& summary)
{
    const auto& event = summary.event;
    return {{"id", std::to_string(summary.id)},
            {"userId", event.user_id},
            {"sessionId", event.session_id},
            {"type", event.type},
            {"eventId", event.event_id},
            {"issuedAt", event.issued_at},
            {"idempotencyKey", event.idempotency_key},
            {"status", to_string(summary.status)},
            {"receivedAt", webhook::to_iso8601_millis(summary.received_at)},
            {"attempts", summary.attempts},
            {"nextAttemptAt", time_or_null(summary.next_attempt_at)},
            {"finishedAt", time_or_null(summary.finished_at)},
            {"reason", summary.reason ? json::value(*summary.reason) : json::value(nullptr)},
            {"duplicates", summary.duplicates},
            {"duplicatesWithOtherBody", summary.conflicts},
            {"verification",
             {{"xSignatureSecret", number_or_null(summary.seed_secret)},
              {"standardSecret", number_or_null(summary.standard_secret)},
              {"skewSeconds", summary.skew.count()}}}};
}

} // namespace

std::string inbox_json(const std::vector<webhook::event>& events)
{
    std::string text = "[";
    for (const auto& event : events) {
        if (text.size() > 1)
            text += ',';
        text += webhook::to_json(event);
    }
    return text += ']';
}

std::string events_json(const event_page& page)
{
    json::array items;
    for (const auto& summary : page.items)
        items.push_back(summary_object(summary));
    const json::object answer{
        {"items", std::move(items)},
        {"next", page.next ? json::value(std::to_string(*page.next)) : json::value(nullptr)}};
    return json::serialize(answer);
}

std::string event_json(const event_detail& detail)
{
    auto answer = summary_object(detail.summary);
    json::array headers;
    for (const auto& header : http::headers_of(detail.head))
        headers.push_back(
            {{"name", runtime::to_valid_utf8(header.name)}, {"value", runtime::to_valid_utf8(header.value)}});
    answer["remote"] = detail.remote;
    answer["headers"] = std::move(headers);
    answer["head"] = runtime::to_valid_utf8(detail.head);
    answer["body"] = runtime::to_valid_utf8(detail.body);
    answer["bodyBase64"] = base64_of(detail.body);
    answer["attemptLog"] = outbox::attempts_json(detail.attempts);
    return json::serialize(answer);
}

std::string reprocessing_json(event_id id)
{
    const json::object answer{{"id", std::to_string(id)}, {"status", to_string(event_status::accepted)}};
    return json::serialize(answer);
}

std::string rejections_json(const rejections& refused)
{
    json::array items;
    for (const auto& one : refused.newest_first())
        items.push_back({{"at", webhook::to_iso8601_millis(one.at)},
                         {"remote", one.remote},
                         {"status", one.status},
                         {"reason", one.reason},
                         {"detail", runtime::to_valid_utf8(one.detail)}});
    json::object counts;
    for (const auto& [reason, count] : refused.counts())
        counts[reason] = count;
    const json::object answer{{"items", std::move(items)}, {"next", nullptr}, {"counts", std::move(counts)}};
    return json::serialize(answer);
}

} // namespace receiver
