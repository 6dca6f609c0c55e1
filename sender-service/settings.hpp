#pragma once

#include "common/outbox/housekeeper.hpp"
#include "common/outbox/sending_loop.hpp"
#include "common/service/settings.hpp"
#include "sender-service/api.hpp"

namespace sender {

struct settings
{
    service::settings service;
    api_settings api;
    outbox::sending_settings sending;
    outbox::housekeeping keeping;
};

// Reads every setting of the sender; what is wrong with them is in the reader.
settings read_settings(runtime::settings_reader& reader);

} // namespace sender
