#include "tests/integration/support/wire.hpp"

#include "tests/integration/support/environment.hpp"
#include "tests/integration/support/service.hpp"
#include "tests/integration/support/signing.hpp"

#include <memory>
#include <stdexcept>

namespace integration {

namespace {

// Both executables, started for this run.
struct own_services
{
    temporary_folder folder;
    service receiver{which::receiver, test_settings(which::receiver, folder)};
    service sender{which::sender, test_settings(which::sender, folder)};
};

wire_pair named_pair(const std::string& sender_url)
{
    const auto receiver_url = variable("INTEGRATION_RECEIVER_URL");
    const auto secret = variable("INTEGRATION_SECRET");
    if (!receiver_url || !secret)
        throw std::runtime_error(
            "INTEGRATION_SENDER_URL needs INTEGRATION_RECEIVER_URL and INTEGRATION_SECRET");
    wire_pair pair;
    pair.sender = origin::parse(sender_url);
    pair.receiver = origin::parse(*receiver_url);
    pair.callback_url = variable("INTEGRATION_CALLBACK_URL").value_or(pair.receiver.url(webhook_path));
    pair.secret = *secret;
    pair.seed_alone_accepted = variable("INTEGRATION_RECEIVER_SIGNATURES").value_or("any") == "any";
    return pair;
}

wire_pair own_pair()
{
    static const auto services = std::make_unique<own_services>();
    wire_pair pair;
    pair.sender = services->sender.address();
    pair.receiver = services->receiver.address();
    pair.callback_url = pair.receiver.url(webhook_path);
    pair.secret = test_secret;
    return pair;
}

} // namespace

std::string wire_pair::unanswered_callback_url() const
{
    return origin::parse(callback_url).url("/user-app/nobody-here");
}

const wire_pair& wire()
{
    static const wire_pair pair = [] {
        const auto sender_url = variable("INTEGRATION_SENDER_URL");
        return sender_url ? named_pair(*sender_url) : own_pair();
    }();
    return pair;
}

} // namespace integration
