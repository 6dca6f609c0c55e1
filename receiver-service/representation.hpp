#pragma once

#include "receiver-service/rejections.hpp"
#include "receiver-service/store.hpp"

#include <string>
#include <vector>

// The receiver's values as the JSON of its API.
namespace receiver {

std::string inbox_json(const std::vector<webhook::event>& events);
std::string events_json(const event_page& page);
std::string event_json(const event_detail& detail);
std::string reprocessing_json(event_id id);
std::string rejections_json(const rejections& refused);

} // namespace receiver
