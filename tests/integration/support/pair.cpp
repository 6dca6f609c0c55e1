#include "tests/integration/support/pair.hpp"

namespace integration {

namespace {

std::string restartable_address()
{
    return "127.0.0.1:" + std::to_string(restartable_port());
}

} // namespace

service_pair::service_pair(const settings& sender_changes, const settings& receiver_changes)
    : sender_settings_(test_settings(which::sender, folder_, sender_changes)),
      receiver_settings_(test_settings(which::receiver, folder_, receiver_changes))
{
    sender_settings_["SENDER_LISTEN"] = restartable_address();
    receiver_settings_["RECEIVER_LISTEN"] = restartable_address();
    receiver_ = std::make_unique<service>(which::receiver, receiver_settings_);
    sender_ = std::make_unique<service>(which::sender, sender_settings_);
}

void service_pair::restart(which one)
{
    if (one == which::sender)
        sender_ = std::make_unique<service>(which::sender, sender_settings_);
    else
        receiver_ = std::make_unique<service>(which::receiver, receiver_settings_);
}

} // namespace integration
