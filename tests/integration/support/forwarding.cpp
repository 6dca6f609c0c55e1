#include "tests/integration/support/forwarding.hpp"

#include "tests/catch.hpp"
#include "tests/integration/support/api.hpp"
#include "tests/integration/support/eventually.hpp"

namespace integration {

forwarding_receiver::forwarding_receiver(const std::string& url, const settings& changes)
    : values_(test_settings(which::receiver, folder_,
                            {{"RECEIVER_FORWARD_URL", url},
                             {"RECEIVER_LISTEN", "127.0.0.1:" + std::to_string(restartable_port())},
                             {"RECEIVER_RETRY_BASE_MS", "100"},
                             {"RECEIVER_RETRY_MAX_MS", "500"},
                             {"RECEIVER_RETRY_ATTEMPTS", "1000"}}))
{
    for (const auto& [name, value] : changes)
        values_[name] = value;
    start();
}

void forwarding_receiver::start()
{
    running_ = std::make_unique<service>(which::receiver, values_);
}

sample_event forwarding_receiver::receive()
{
    auto event = make_event("alice");
    const auto answer = ask_raw(address(), webhook_request(address(), event, test_secret));
    REQUIRE(answer.has_value());
    REQUIRE(answer->status == 200);
    return event;
}

std::vector<sample_event> forwarding_receiver::receive(std::size_t count)
{
    std::vector<sample_event> events;
    for (std::size_t made = 0; made < count; ++made)
        events.push_back(receive());
    return events;
}

boost::json::array forwarding_receiver::listed(std::string_view status) const
{
    const auto page = get(address(), "/user-app/events?limit=500&status=" + std::string(status));
    return object_of(page).at("items").as_array();
}

bool forwarding_receiver::drained() const
{
    return eventually([&] { return listed("accepted").empty(); });
}

std::map<std::string, int> keys_of(const app& there)
{
    std::map<std::string, int> counts;
    for (const auto& post : there.posts())
        ++counts[post.verified(test_secret).idempotency_key];
    return counts;
}

void check_all_forwarded(const std::vector<sample_event>& events, const std::map<std::string, int>& keys)
{
    for (const auto& event : events) {
        INFO(event.key);
        CHECK(keys.contains(event.key));
    }
}

} // namespace integration
