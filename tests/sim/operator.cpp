#include "tests/sim/operator.hpp"

#include "tests/sim/visitor.hpp"

#include <boost/json/parse.hpp>

#include <utility>

namespace sim {

using namespace std::chrono_literals;

namespace {

constexpr duration answer_deadline = 5s;

} // namespace

sender_operator::sender_operator(const surroundings& around, origin_rules& rules,
                                 std::vector<std::string> origins)
    : around_(around),
      rules_(rules),
      origins_(std::move(origins))
{}

void sender_operator::begin()
{
    around_.time.after(around_.draws.between(2s, 30s), [this] { next(); });
}

void sender_operator::next()
{
    if (busy_)
        return;
    if (paused_)
        resume();
    else if (ceased_)
        return;
    else if (around_.suffered.strike(fault::origin_paused, 0.5))
        pause(around_.draws.pick(origins_));
    else if (around_.suffered.strike(fault::dead_redelivered, 0.3))
        redeliver();
    else
        begin();
}

void sender_operator::pause(const std::string& origin)
{
    paused_ = origin;
    order("/ticketmaster/origins/pause", R"({"origin":")" + origin + "\"}", [this](const std::string&) {
        rules_.paused(*paused_);
        begin();
    });
}

void sender_operator::resume()
{
    rules_.resuming(*paused_);
    order("/ticketmaster/origins/resume", R"({"origin":")" + *paused_ + "\"}", [this](const std::string&) {
        rules_.resumed(*paused_);
        paused_.reset();
        begin();
    });
}

void sender_operator::redeliver()
{
    order("/ticketmaster/deliveries/redeliver", R"({"status":"dead"})", [this](const std::string& answer) {
        boost::system::error_code cut;
        const auto parsed = boost::json::parse(answer, cut);
        if (!cut && parsed.at("remaining").to_number<int>() > 0)
            around_.log.violation("fewer than 1,000 are dead, and not all were sent again at once");
        begin();
    });
}

void sender_operator::order(const std::string& path, const std::string& body,
                            std::function<void(const std::string&)> done)
{
    busy_ = true;
    const auto text = request_text("POST", path, body);
    const auto heard = [this, path, body, done = std::move(done)](const http::exchange& answer) {
        if (answer.result != http::exchange_result::answered || answer.status == 503) {
            around_.time.after(around_.draws.between(100ms, 2s),
                               [this, path, body, done] { order(path, body, done); });
            return;
        }
        busy_ = false;
        around_.log.note("operator", path + " " + body + " was answered " + std::to_string(answer.status));
        // An origin that nobody has registered yet is unknown.
        if (answer.status == 404) {
            paused_.reset();
            begin();
        }
        else if (answer.status >= 300)
            around_.log.violation("the operator was refused: " + answer.body);
        else
            done(answer.body);
    };
    around_.wire.send("operator", sender_name, text, answer_deadline, network::order::kept, heard);
}

} // namespace sim
