#pragma once

#include "common/http/message.hpp"
#include "common/runtime/clock.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace http {

// The value of a Date header (RFC 9110, 5.6.7), written anew only when the second changes.
class date_line
{
public:
    // Valid until the next call.
    std::string_view at(runtime::instant now);

private:
    std::chrono::seconds written_{-1};
    std::string text_;
};

// How a response goes out.
struct response_framing
{
    bool head_only = false; // the answer to HEAD: the headers that GET would have, and no body
    bool close = false;     // says Connection: close
    std::string_view date;
};

// Writes a whole response over `out`. False, with nothing fit to send, for a status outside 200 to 599, a
// header name that is not a token or belongs to the server (Content-Type, Content-Length, Transfer-Encoding,
// Date, Connection), or a control character in a value.
bool serialize(std::string& out, const response& answer, const response_framing& how);

} // namespace http
