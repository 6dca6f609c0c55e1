#pragma once

#include "tests/integration/support/http_client.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace integration {

// The services' API as tests use it. What a function needs and does not get throws std::runtime_error with
// the answer in its text.

boost::json::object object_of(const reply& answer);

// The text of a member; throws when there is none.
std::string text_of(const boost::json::object& object, std::string_view member);
std::string text_of(const boost::json::value& object, std::string_view member);

// True for application/problem+json with the members of RFC 9457: `status` as the HTTP status, a title and a
// detail for a person.
bool is_problem(const reply& answer, unsigned status);

// Answers as a test prints them when it fails.
std::string shown(const reply& answer);

namespace sender_api {

void register_user(const origin& sender, std::string_view user, std::string_view callback_url);
std::string start(const origin& sender, std::string_view user); // the sessionId
void unregister(const origin& sender, std::string_view user);
boost::json::object status(const origin& sender, std::string_view user);

// The status once it shows `state`; waits for it.
boost::json::object status_when(const origin& sender, std::string_view user, std::string_view state);

// The deliveries of a user, newest first.
boost::json::array deliveries(const origin& sender, std::string_view user);

// The delivery of a session, if there is one.
std::optional<boost::json::object> delivery_of(const origin& sender, std::string_view user,
                                               std::string_view session);

// That delivery once its status is `state`; waits for it.
boost::json::object delivery_when(const origin& sender, std::string_view user, std::string_view session,
                                  std::string_view state);

// A delivery with its attempts.
boost::json::object delivery(const origin& sender, std::string_view id);

} // namespace sender_api

namespace receiver_api {

boost::json::array inbox(const origin& receiver, std::string_view user);

// The inbox once it holds `count` events or more; waits for it.
boost::json::array inbox_when(const origin& receiver, std::string_view user, std::size_t count);

// The operator's list of a user's events, newest first.
boost::json::array events(const origin& receiver, std::string_view user);

// One event with its headers and bytes.
boost::json::object event(const origin& receiver, std::string_view id);

} // namespace receiver_api

} // namespace integration
