#pragma once

#include "tests/integration/support/service.hpp"
#include "tests/integration/support/signing.hpp"

#include <memory>

namespace integration {

// Both services of one test, on ports and databases that they have again after a restart.
class service_pair
{
public:
    explicit service_pair(const settings& sender_changes = {}, const settings& receiver_changes = {});

    service& sender() { return *sender_; }
    service& receiver() { return *receiver_; }
    service& side(which one) { return one == which::sender ? *sender_ : *receiver_; }

    std::string callback_url() const { return receiver_->address().url(webhook_path); }

    // SIGKILL.
    void kill(which one) { side(one).process().kill(); }

    // Where both keep their databases.
    const std::filesystem::path& folder() const { return folder_.path(); }

    // What a service is started with the next time.
    settings& values(which one) { return one == which::sender ? sender_settings_ : receiver_settings_; }

    // Starts a service again that has ended, with the settings it had.
    void restart(which one);

private:
    temporary_folder folder_;
    settings sender_settings_;
    settings receiver_settings_;
    std::unique_ptr<service> receiver_;
    std::unique_ptr<service> sender_;
};

} // namespace integration
