#include "bench/requests.hpp"

#include "bench/daemon.hpp"
#include "common/http/request_text.hpp"
#include "common/outbox/attempt.hpp"
#include "common/runtime/clock.hpp"
#include "common/webhook/event.hpp"

namespace bench {

namespace {

// A bijection that scatters its input (SplitMix64's finaliser).
std::uint64_t scattered(std::uint64_t value)
{
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9U;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebU;
    return value ^ (value >> 31);
}

std::string hex(std::uint64_t value)
{
    std::string text(16, '0');
    for (auto digit = text.rbegin(); digit != text.rend(); ++digit, value >>= 4)
        *digit = "0123456789abcdef"[value & 0xf];
    return text;
}

std::string post(const std::string& path, const std::string& body)
{
    return "POST " + path + " HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
}

} // namespace

std::string user_id(std::size_t index)
{
    return "user-" + hex(scattered(index + 1));
}

std::string callback_url(const std::string& origin)
{
    return origin + "/user-app/webhooks/waiting-room";
}

std::string register_request(std::size_t user, const std::string& origin)
{
    return post("/ticketmaster/register/" + user_id(user),
                R"({"callbackUrl":")" + callback_url(origin) + "\"}");
}

std::string start_request(std::size_t user)
{
    return post("/ticketmaster/start/" + user_id(user), "");
}

std::vector<std::string> signed_posts(std::size_t count, std::uint16_t port)
{
    auto keys = *webhook::secrets::parse(shared_secret);
    const auto now = runtime::system_clock{}.now();
    const auto url = http::parse_url(callback_url("http://127.0.0.1:" + std::to_string(port)));
    std::vector<std::string> posts;
    posts.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        const auto half = scattered(i + 1);
        const auto session = "wr_" + hex(scattered(half)) + hex(half);
        const auto event = webhook::make_ready_event(user_id(i), session, now);
        outbox::delivery due;
        due.idempotency_key = event.idempotency_key;
        due.body = webhook::to_json(event);
        posts.push_back(
            http::request_text(*url, outbox::signed_request(keys, due, now), "waiting-room-sender"));
    }
    return posts;
}

} // namespace bench
