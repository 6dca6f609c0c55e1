#include "common/outbox/attempt_json.hpp"

#include "common/runtime/utf8.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

namespace outbox {

namespace json = boost::json;

namespace {

json::object attempt_object(const attempt& made)
{
    return {{"number", made.number},
            {"startedAt", webhook::to_iso8601_millis(made.started_at)},
            {"durationMs", made.duration.count()},
            {"callbackUrl", made.callback_url},
            {"result", made.result},
            {"status", made.status ? json::value(made.status) : json::value(nullptr)},
            {"error", made.error.empty() ? json::value(nullptr) : json::value(made.error)},
            {"response", runtime::to_valid_utf8(made.response)}};
}

} // namespace

json::array attempts_json(const std::vector<attempt>& attempts)
{
    json::array shown;
    for (const auto& made : attempts)
        shown.push_back(attempt_object(made));
    return shown;
}

} // namespace outbox
