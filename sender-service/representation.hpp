#pragma once

#include "sender-service/store.hpp"

#include <string>

// The sender's values as the JSON of its API.
namespace sender {

std::string registration_json(const std::string& user_id, const std::string& callback_url);
std::string session_json(const std::string& user_id, const started_session& session, instant now);
std::string status_json(const std::string& user_id, const user_status& status, instant now);
std::string deliveries_json(const delivery_page& page);
std::string delivery_json(const delivery_detail& detail);

} // namespace sender
