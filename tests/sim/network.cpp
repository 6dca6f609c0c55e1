#include "tests/sim/network.hpp"

#include "common/http/response_reader.hpp"
#include "common/http/serialize.hpp"

#include <utility>

namespace sim {

using namespace std::chrono_literals;

namespace {

// How likely each fault is for one exchange, where a seed enabled it.
constexpr double lost = 0.05;
constexpr double delayed = 0.1;
constexpr double repeated = 0.08;
constexpr double cut = 0.05;
constexpr double late = 0.05;

http::exchange failed(http::exchange_result how, std::string error)
{
    http::exchange seen;
    seen.result = how;
    seen.error = std::move(error);
    return seen;
}

// What a client makes of the bytes that came before the connection ended: the head decides.
http::exchange read_response(std::string_view bytes)
{
    http::response_reader reader;
    const auto state = reader.feed(bytes);
    if (state == http::response_reader::progress::malformed)
        return failed(http::exchange_result::malformed, reader.problem());
    if (state == http::response_reader::progress::head)
        return failed(http::exchange_result::truncated, "the connection ended before the response's head");
    http::exchange seen;
    seen.status = reader.status();
    seen.retry_after = reader.retry_after();
    seen.body = reader.body();
    return seen;
}

} // namespace

duration network::latency()
{
    return random_.between(50us, 2ms);
}

void network::answer_for(const std::string& name, unsigned status, std::optional<std::string> retry_after,
                         duration span)
{
    stand_ins_[name] = {status, std::move(retry_after), time_.now() + span};
}

void network::send(const std::string& from, const std::string& to, std::string bytes, duration deadline,
                   order arrival, completion done)
{
    const auto id = next_id_++;
    const auto found = hosts_.find(to);
    flights_[id] = {from, found == hosts_.end() ? nullptr : found->second, std::move(done), false};
    time_.after(deadline,
                [this, id] { finish(id, failed(http::exchange_result::timeout, "no answer in time")); });
    if (faults_.strike(fault::request_lost, lost))
        return;
    auto arrives = latency();
    const bool any = arrival == order::any;
    if (any && faults_.strike(fault::request_delayed, delayed))
        arrives += random_.between(10ms, 2 * deadline);
    if (any && faults_.strike(fault::request_duplicated, repeated)) {
        const auto again = arrives + random_.between(0us, 20s);
        time_.after(again, [this, to, bytes] { deliver(0, to, bytes, false); });
    }
    if (faults_.strike(fault::request_truncated, cut)) {
        bytes.resize(random_.below(bytes.size()));
        time_.after(arrives, [this, id, to, bytes = std::move(bytes)] {
            deliver(0, to, bytes, false);
            finish(id, failed(http::exchange_result::truncated, "the connection was reset"));
        });
        return;
    }
    time_.after(arrives, [this, id, to, bytes = std::move(bytes)] { deliver(id, to, bytes, true); });
}

// Hands a request to its host. One that nobody waits for any more arrives like any other.
void network::deliver(flight_id id, const std::string& to, const std::string& bytes, bool answered)
{
    const auto swallowed = swallowed_.find(to);
    if (swallowed != swallowed_.end() && time_.now() < swallowed->second)
        return; // the deadline ends it
    if (auto response = answer_of_stand_in(to)) {
        if (answered)
            carry_back(id, std::move(*response));
        return;
    }
    const auto found = hosts_.find(to);
    if (found == hosts_.end() || !found->second->listening()) {
        finish(id, failed(http::exchange_result::connect, "connection refused"));
        return;
    }
    if (const auto waiting = flights_.find(id); waiting != flights_.end())
        waiting->second.at_host = true;
    found->second->receive(bytes, [this, id](std::string response) { carry_back(id, std::move(response)); });
}

void network::carry_back(flight_id id, std::string response)
{
    const auto waiting = flights_.find(id);
    if (waiting == flights_.end())
        return;
    waiting->second.at_host = false;
    if (faults_.strike(fault::response_lost, lost))
        return; // the deadline ends it
    auto arrives = latency();
    if (faults_.strike(fault::response_late, late))
        arrives += random_.between(15s, 60s);
    if (faults_.strike(fault::response_truncated, cut))
        response.resize(random_.below(response.size()));
    time_.after(arrives, [this, id, response = std::move(response)] { finish(id, read_response(response)); });
}

std::optional<std::string> network::answer_of_stand_in(const std::string& name)
{
    const auto found = stand_ins_.find(name);
    if (found == stand_ins_.end() || found->second.until <= time_.now())
        return std::nullopt;
    auto answer = http::problem(found->second.status, "whoever stands before the receiver says so");
    if (const auto& wait = found->second.retry_after) {
        std::erase_if(answer.headers, [](const auto& each) { return each.name == "Retry-After"; });
        answer.headers.push_back({"Retry-After", *wait});
    }
    std::string bytes;
    http::serialize(bytes, answer, {});
    return bytes;
}

void network::finish(flight_id id, const http::exchange& how)
{
    const auto found = flights_.find(id);
    if (found == flights_.end())
        return;
    const auto done = std::move(found->second.done);
    flights_.erase(found);
    done(how);
}

void network::break_from(const std::string& from)
{
    for (auto each = flights_.begin(); each != flights_.end();) {
        const auto id = (each++)->first;
        if (flights_[id].from == from)
            finish(id, failed(http::exchange_result::truncated, "the connection was closed here"));
    }
}

void network::break_to(const host& to)
{
    for (auto& [id, each] : flights_)
        if (each.to == &to && each.at_host)
            time_.after(latency(), [this, broken = id] {
                finish(broken, failed(http::exchange_result::truncated, "the connection was reset"));
            });
}

} // namespace sim
