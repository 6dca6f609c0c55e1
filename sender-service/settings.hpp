#pragma once

#include "common/service/settings.hpp"
#include "sender-service/api.hpp"
#include "sender-service/dispatcher.hpp"

namespace sender {

struct settings
{
    service::settings service;
    api_settings api;
    dispatch_settings dispatch;
    std::string ca_file; // trusted for https callbacks besides the system's authorities
};

// Reads every setting of the sender; what is wrong with them is in the reader.
settings read_settings(runtime::settings_reader& reader);

} // namespace sender
