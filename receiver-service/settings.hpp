#pragma once

#include "common/outbox/housekeeper.hpp"
#include "common/service/settings.hpp"
#include "common/webhook/verify.hpp"
#include "receiver-service/forwarder.hpp"

namespace receiver {

struct settings
{
    service::settings service;
    webhook::verify_policy policy;
    forwarding_settings forwarding;
    outbox::housekeeping keeping;
};

// Reads every setting of the receiver; what is wrong with them is in the reader.
settings read_settings(runtime::settings_reader& reader);

} // namespace receiver
