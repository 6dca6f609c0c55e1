#pragma once

#include "common/service/settings.hpp"
#include "common/webhook/verify.hpp"

namespace receiver {

struct settings
{
    service::settings service;
    webhook::verify_policy policy;
};

// Reads every setting of the receiver; what is wrong with them is in the reader.
settings read_settings(runtime::settings_reader& reader);

} // namespace receiver
