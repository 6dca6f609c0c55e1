#include "tests/sim/visitor.hpp"

#include <boost/json/parse.hpp>

namespace sim {

namespace json = boost::json;
using namespace std::chrono_literals;

namespace {

constexpr duration answer_deadline = 5s;
constexpr std::size_t further_steps_max = 6;

} // namespace

std::string request_text(const std::string& method, const std::string& path, const std::string& body)
{
    return method + " " + path + " HTTP/1.1\r\nHost: " + sender_name +
           "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

visitor::visitor(const surroundings& around, std::string name, const std::vector<std::string>& callbacks)
    : around_(around),
      name_(std::move(name))
{
    write_script(callbacks);
}

void visitor::write_script(const std::vector<std::string>& callbacks)
{
    auto& draws = around_.draws;
    const auto add = [&](what kind, std::string callback = {}) {
        script_.push_back({draws.between(0us, 25s), kind, std::move(callback)});
    };
    if (draws.chance(0.9))
        add(what::subscribe, draws.pick(callbacks));
    add(what::start);
    for (auto left = draws.below(further_steps_max + 1); left > 0; --left) {
        if (around_.suffered.strike(fault::second_visit, 0.4))
            add(what::start);
        if (around_.suffered.strike(fault::registered_again, 0.25))
            add(what::subscribe, draws.pick(callbacks));
        if (around_.suffered.strike(fault::unregistered, 0.1))
            add(what::unsubscribe);
        add(what::look);
    }
}

void visitor::come_again(const std::string& callback, duration wait)
{
    script_.push_back({around_.draws.between(0us, wait), what::subscribe, callback});
    script_.push_back({around_.draws.between(0us, wait), what::start, {}});
    next_step();
}

void visitor::next_step()
{
    if (done())
        return;
    around_.time.after(script_[step_].wait, [this] { try_step(); });
}

void visitor::try_step()
{
    const auto& one = script_[step_];
    before(one);
    // A user's orders come in order: one that came late, after the next, would be another order.
    const auto arrival =
        one.kind == what::look || one.kind == what::start ? network::order::any : network::order::kept;
    const auto done = [this](const http::exchange& answer) {
        const bool told = answer.result == http::exchange_result::answered;
        if (!told || answer.status == 503) {
            around_.time.after(around_.draws.between(100ms, 2s), [this] { try_step(); });
            return;
        }
        after(script_[step_], answer);
        ++step_;
        next_step();
    };
    around_.wire.send(name_, sender_name, request_of(one), answer_deadline, arrival, done);
}

std::string visitor::request_of(const step& one) const
{
    switch (one.kind) {
    case what::subscribe:
        return request_text("POST", "/ticketmaster/register/" + name_,
                            R"({"callbackUrl":")" + one.callback + "\"}");
    case what::unsubscribe:
        return request_text("DELETE", "/ticketmaster/register/" + name_, "");
    case what::start:
        return request_text("POST", "/ticketmaster/start/" + name_, "");
    case what::look:
        break;
    }
    return request_text("GET", "/ticketmaster/status/" + name_, "");
}

void visitor::before(const step& one)
{
    if (one.kind != what::unsubscribe)
        return;
    registered_since_.reset();
    for (auto& [session, owed] : sessions_)
        owed.reset();
}

void visitor::after(const step& one, const http::exchange& answer)
{
    around_.log.note(name_, "was answered " + std::to_string(answer.status) + " " + answer.body);
    if (answer.status >= 300) {
        if (one.kind != what::look || answer.status != 404)
            around_.log.violation(name_ + " was refused: " + std::to_string(answer.status) + " " +
                                  answer.body);
        return;
    }
    if (one.kind == what::subscribe) {
        registered_since_ = around_.time.now();
    }
    else if (one.kind != what::unsubscribe) {
        told(one, answer.body);
    }
}

void visitor::told(const step& one, const std::string& body)
{
    boost::system::error_code cut;
    const auto parsed = json::parse(body, cut);
    if (cut || !parsed.at("sessionId").is_string())
        return; // the response was cut behind its head, or there is no session
    const std::string session{parsed.at("sessionId").as_string()};
    if (one.kind == what::start) {
        sessions_.emplace(session, registered_since_);
        last_session_ = session;
        return;
    }
    looked(session, parsed.at("status").as_string() == "READY");
}

// READY never reverts.
void visitor::looked(const std::string& session, bool ready)
{
    if (seen_ready_ == session && !ready)
        around_.log.violation(name_ + " was READY and is not any more");
    if (ready)
        seen_ready_ = session;
}

} // namespace sim
