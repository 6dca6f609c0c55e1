#include "tests/sim/scenario.hpp"

namespace sim {

using namespace std::chrono_literals;

std::string callback_of(const std::string& host)
{
    return "http://" + host + "/user-app/webhooks/waiting-room";
}

std::vector<std::string> callbacks()
{
    std::vector<std::string> urls;
    urls.reserve(callback_hosts.size());
    for (const auto& name : callback_hosts)
        urls.push_back(callback_of(name));
    return urls;
}

std::vector<std::string> callback_origins()
{
    std::vector<std::string> origins;
    origins.reserve(callback_hosts.size());
    for (const auto& name : callback_hosts)
        origins.push_back("http://" + name);
    return origins;
}

outbox::dispatch_settings draw_sending(random& draws)
{
    outbox::dispatch_settings how;
    how.retry.max = draws.pick<std::chrono::milliseconds>({8s, 60s});
    how.retry.attempts_max = draws.pick<unsigned>({4, 20});
    how.retry.age_max = draws.pick<std::chrono::hours>({1h, 72h});
    how.in_flight_max = draws.pick<std::size_t>({1, 3, 512});
    how.origin_in_flight_max = draws.pick<std::size_t>({2, 64});
    return how;
}

// With the usual plan an app that is down for an hour costs no event.
outbox::dispatch_settings draw_forwarding(random& draws)
{
    outbox::dispatch_settings how;
    how.in_flight_max = draws.pick<std::size_t>({1, 3, 512});
    how.origin_in_flight_max = draws.pick<std::size_t>({2, 64});
    return how;
}

} // namespace sim
