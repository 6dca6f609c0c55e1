#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace http {

inline constexpr std::size_t response_head_bytes_max = 16'384;
inline constexpr unsigned informational_responses_max = 8; // 1xx before the final one

// Takes the bytes of one response as they come and says how far it is. Does no I/O. Nothing is inflated,
// whatever Content-Encoding says; a response of HTTP/1.0 or with an empty reason phrase is one like any
// other.
class response_reader
{
public:
    enum class progress {
        head,     // the head is not whole yet
        body,     // the head decided; the rest of the body is still to come
        finished, // the head decided, and nothing more is worth reading
        malformed // no head will come: the bytes are not HTTP/1.x, or beyond a limit
    };

    response_reader();
    ~response_reader();

    response_reader(const response_reader&) = delete;
    response_reader& operator=(const response_reader&) = delete;

    progress feed(std::string_view bytes);

    progress state() const;
    bool heard() const; // has any byte come?

    // Once the head is there:
    unsigned status() const;
    const std::optional<std::string>& retry_after() const; // left out when longer than any real one
    const std::string& body() const;                       // what came, up to response_kept_bytes_max

    // Can the connection take another request? Only when this response was read to its end, nothing came
    // after it, and its end is beyond doubt.
    bool leaves_connection_reusable() const;

    // What is wrong with a malformed one, for people.
    const std::string& problem() const;

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

} // namespace http
