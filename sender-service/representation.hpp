#pragma once

#include "common/outbox/origins.hpp"
#include "sender-service/store.hpp"

#include <string>
#include <vector>

// The sender's values as the JSON of its API.
namespace sender {

std::string registration_json(const std::string& user_id, const std::string& callback_url);
std::string session_json(const std::string& user_id, const started_session& session, instant now);
std::string status_json(const std::string& user_id, const user_status& status, instant now);
std::string deliveries_json(const delivery_page& page);
std::string delivery_json(const delivery_detail& detail);
std::string redelivery_json(delivery_id id);
std::string redeliveries_json(const redeliveries& done);
std::string paused_json(const std::string& origin, bool paused);

// `reports` has one for each item of the page, in their order.
std::string origins_json(const origin_page& page, const std::vector<outbox::origin_report>& reports);

} // namespace sender
