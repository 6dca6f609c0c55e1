#pragma once

#include "tests/integration/support/app.hpp"
#include "tests/integration/support/service.hpp"
#include "tests/integration/support/signing.hpp"

#include <boost/json/array.hpp>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace integration {

// A receiver that forwards to `url` and tries again soon, on a port and with a database that it has again
// after a restart.
class forwarding_receiver
{
public:
    explicit forwarding_receiver(const std::string& url, const settings& changes = {});

    service& running() { return *running_; }
    const origin& address() const { return running_->address(); }

    // What it is started with the next time.
    settings& values() { return values_; }

    // Starts it again, once it has ended.
    void start();

    // SIGKILL.
    void kill() { running_->process().kill(); }

    // Posts events of alice's, which must be accepted.
    sample_event receive();
    std::vector<sample_event> receive(std::size_t count);

    // The newest 500 events of this status.
    boost::json::array listed(std::string_view status) const;

    // Waits until nothing is to be forwarded any more; false when that does not come.
    bool drained() const;

private:
    temporary_folder folder_;
    settings values_;
    std::unique_ptr<service> running_;
};

// How often each idempotency key came. Throws when a POST is not signed as it must be.
std::map<std::string, int> keys_of(const app& there);

// Fails the test for each event whose key did not come.
void check_all_forwarded(const std::vector<sample_event>& events, const std::map<std::string, int>& keys);

} // namespace integration
