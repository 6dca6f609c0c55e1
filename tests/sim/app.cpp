#include "tests/sim/app.hpp"

#include "common/http/request_parser.hpp"
#include "common/http/serialize.hpp"
#include "common/webhook/signature.hpp"
#include "common/webhook/verify.hpp"
#include "tests/sim/secret.hpp"

namespace sim {

using namespace std::chrono_literals;

namespace {

constexpr http::request_limits limits{16'384, 65'536};
constexpr duration down_for = 1h;

// What the app makes of a request: 200 when both schemes verify.
http::response judged(const http::request& message)
{
    auto keys = shared_secrets();
    const webhook::signature_headers headers{
        .seed_signature = message.values(webhook::seed_signature_header),
        .seed_timestamp = message.values(webhook::seed_timestamp_header),
        .standard_id = message.values(webhook::standard_id_header),
        .standard_timestamp = message.values(webhook::standard_timestamp_header),
        .standard_signature = message.values(webhook::standard_signature_header)};
    // Its clock is not simulated: any timestamp will do.
    constexpr std::chrono::seconds any_time = 24h * 365 * 100;
    const auto verified =
        webhook::verify(keys, {.required = webhook::required_scheme::standard, .skew_max = any_time}, headers,
                        message.body, webhook::instant{});
    return verified ? http::empty(200) : http::problem(401, verified.error().detail);
}

} // namespace

app::app(const surroundings& around, const wall_clock& receiver_clock,
         const outbox::dispatch_settings& settings)
    : around_(around),
      rules_(around.time, receiver_clock, settings, around.log)
{}

void app::begin()
{
    if (!around_.suffered.strike(fault::app_down, 0.5))
        return;
    around_.time.after(around_.draws.between(5s, 60s), [this] {
        around_.log.note("app", "is down");
        down_ = true;
        around_.time.after(down_for, [this] {
            around_.log.note("app", "is up");
            down_ = false;
        });
    });
}

void app::receive(const std::string& bytes, std::function<void(std::string)> answer)
{
    http::request_parser parser{limits};
    parser.feed(bytes);
    if (!parser.complete())
        return;
    const auto made = judged(parser.message());
    if (made.status == 200)
        taken_.emplace(parser.message().values(webhook::standard_id_header).front());
    else
        around_.log.violation("the app refuses what was forwarded: " + made.body);
    std::string out;
    http::serialize(out, made, {});
    answer(std::move(out));
}

std::string app::attempt_begins(const http::outgoing& message)
{
    rules_.attempt_begins(message.url);
    for (const auto& header : message.headers)
        if (header.name == webhook::standard_id_header)
            return header.value;
    around_.log.violation("something is forwarded without its webhook-id");
    return {};
}

void app::attempt_ends(const std::string& key, const std::string& url, const http::exchange& how)
{
    around_.log.note("app", "attempt to forward " + key + " ended: " + std::string(to_string(how.result)) +
                                " " + std::to_string(how.status));
    rules_.attempt_ends(url, how);
}

} // namespace sim
