#include "sender-service/representation.hpp"

#include "common/outbox/attempt_json.hpp"
#include "common/webhook/event.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace sender {

namespace json = boost::json;

namespace {

json::value time_or_null(const std::optional<instant>& at)
{
    return at ? json::value(webhook::to_iso8601_millis(*at)) : json::value(nullptr);
}

json::value text_or_null(const std::optional<std::string>& text)
{
    return text ? json::value(*text) : json::value(nullptr);
}

json::object summary_object(const delivery_summary& delivery)
{
    return {{"id", std::to_string(delivery.id)},
            {"userId", delivery.user_id},
            {"sessionId", delivery.session_id},
            {"status", to_string(delivery.status)},
            {"origin", text_or_null(delivery.origin)},
            {"callbackUrl", text_or_null(delivery.callback_url)},
            {"attempts", delivery.attempts},
            {"readyAt", webhook::to_iso8601_millis(delivery.ready_at)},
            {"nextAttemptAt", time_or_null(delivery.next_attempt_at)},
            {"finishedAt", time_or_null(delivery.finished_at)},
            {"reason", text_or_null(delivery.reason)}};
}

json::object origin_object(const origin_summary& origin, const outbox::origin_report& report)
{
    return {{"origin", origin.origin},
            {"backlog", origin.backlog},
            {"oldestDueAt", time_or_null(origin.oldest_due_at)},
            {"dead", origin.dead},
            {"pausedAt", time_or_null(origin.paused_at)},
            {"breaker", to_string(report.breaker)},
            {"blockedUntil", time_or_null(report.blocked_until)},
            {"failuresInRow", report.failures_in_row},
            {"cap", report.cap},
            {"inFlight", report.in_flight},
            {"lastError", report.last_error.empty() ? json::value(nullptr) : json::value(report.last_error)},
            {"lastFailedAt", time_or_null(report.last_failed_at)}};
}

} // namespace

std::string registration_json(const std::string& user_id, const std::string& callback_url)
{
    const json::object answer{{"userId", user_id}, {"callbackUrl", callback_url}};
    return json::serialize(answer);
}

std::string session_json(const std::string& user_id, const started_session& session, instant now)
{
    const json::object answer{{"userId", user_id},
                              {"sessionId", session.session_id},
                              {"status", to_string(state_at(session.schedule, false, now))}};
    return json::serialize(answer);
}

std::string status_json(const std::string& user_id, const user_status& status, instant now)
{
    json::object answer{{"userId", user_id},
                        {"status", to_string(room_state::not_ready)},
                        {"registered", status.registered},
                        {"sessionId", text_or_null(status.session_id)},
                        {"startedAt", nullptr},
                        {"waitingAt", nullptr},
                        {"readyAt", nullptr},
                        {"notification", nullptr}};
    if (status.session_id) {
        const auto ready_at = status.became_ready_at.value_or(status.schedule.ready_at);
        answer["status"] = to_string(state_at(status.schedule, status.became_ready_at.has_value(), now));
        answer["startedAt"] = webhook::to_iso8601_millis(status.schedule.started_at);
        answer["waitingAt"] = webhook::to_iso8601_millis(status.schedule.waiting_at);
        answer["readyAt"] = webhook::to_iso8601_millis(ready_at);
    }
    if (const auto& delivery = status.notification)
        answer["notification"] = {{"deliveryId", std::to_string(delivery->id)},
                                  {"status", to_string(delivery->status)},
                                  {"attempts", delivery->attempts},
                                  {"nextAttemptAt", time_or_null(delivery->next_attempt_at)},
                                  {"finishedAt", time_or_null(delivery->finished_at)},
                                  {"reason", text_or_null(delivery->reason)}};
    return json::serialize(answer);
}

std::string deliveries_json(const delivery_page& page)
{
    json::array items;
    for (const auto& delivery : page.items)
        items.push_back(summary_object(delivery));
    const json::object answer{
        {"items", std::move(items)},
        {"next", page.next ? json::value(std::to_string(*page.next)) : json::value(nullptr)}};
    return json::serialize(answer);
}

std::string delivery_json(const delivery_detail& detail)
{
    auto answer = summary_object(detail.summary);
    answer["idempotencyKey"] = webhook::idempotency_key_of(detail.summary.session_id);
    answer["body"] = detail.body;
    answer["attemptLog"] = outbox::attempts_json(detail.attempts);
    return json::serialize(answer);
}

std::string redelivery_json(delivery_id id)
{
    const json::object answer{{"deliveryId", std::to_string(id)},
                              {"status", to_string(delivery_status::pending)}};
    return json::serialize(answer);
}

std::string redeliveries_json(const redeliveries& done)
{
    const json::object answer{
        {"queued", done.queued}, {"remaining", done.remaining}, {"skipped", done.skipped}};
    return json::serialize(answer);
}

std::string paused_json(const std::string& origin, bool paused)
{
    const json::object answer{{"origin", origin}, {"paused", paused}};
    return json::serialize(answer);
}

std::string origins_json(const origin_page& page, const std::vector<outbox::origin_report>& reports)
{
    json::array items;
    for (std::size_t i = 0; i < page.items.size(); ++i)
        items.push_back(origin_object(page.items[i], reports.at(i)));
    const json::object answer{
        {"items", std::move(items)},
        {"next", page.next ? json::value(std::to_string(*page.next)) : json::value(nullptr)}};
    return json::serialize(answer);
}

} // namespace sender
