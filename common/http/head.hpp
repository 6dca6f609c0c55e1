#pragma once

#include "common/http/message.hpp"

#include <string_view>
#include <vector>

namespace http {

// The headers of a request's or response's head, in order, white space around their values left out. `head`
// was judged when it came: what is not a header line here is passed over.
std::vector<header> headers_of(std::string_view head);

} // namespace http
