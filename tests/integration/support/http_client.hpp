#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace integration {

// A blocking HTTP/1.1 client on plain sockets, which sends whatever bytes it is given. The suite does not use
// the project's own client or server, so that a bug there cannot hide itself.

struct header
{
    std::string name;
    std::string value;
};

using headers = std::vector<header>;

// Where a service listens, from "http://host:port/…".
struct origin
{
    std::string host;
    std::string port;

    static origin parse(std::string_view url);
    std::string authority() const { return host + ":" + port; }
    std::string url(std::string_view target = "") const;
};

struct reply
{
    unsigned status = 0;
    headers fields;
    std::string body;

    // The first value of the header `name` (lower case); empty when there is none.
    std::string value(std::string_view name) const;
};

// The bytes of a request with Host, a Content-Length when there is a body or the method is POST, and
// `fields`.
std::string request_bytes(const origin& peer, std::string_view method, std::string_view target,
                          const headers& fields = {}, std::string_view body = {});

// One connection. Every function throws std::runtime_error when the peer takes longer than the timeout.
class connection
{
public:
    explicit connection(const origin& peer, std::chrono::milliseconds timeout = std::chrono::seconds(20));
    ~connection();

    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    // Sends bytes, reading what comes meanwhile; stops quietly when the peer has closed.
    void write(std::string_view bytes);

    // Tells the peer that nothing more will be sent.
    void half_close();

    // Reads one response. Nothing when the connection ended before it was whole. A response to HEAD has no
    // body whatever its head says.
    std::optional<reply> read(bool of_head_request = false);

    // Says whether the peer ends the connection within `wait`, reading past whatever still comes.
    bool ends_within(std::chrono::milliseconds wait);

private:
    enum class progress { more, ended };
    progress fill(); // waits for bytes and appends them to `received_`
    bool fill_until_contains(std::string_view text, std::size_t from);
    bool fill_until_size(std::size_t size);
    std::optional<std::string> read_chunks(std::size_t at, std::size_t& end);

    int socket_ = -1;
    std::chrono::milliseconds timeout_;
    std::string received_;
    bool ended_ = false;
};

// One request on a connection of its own. Throws std::runtime_error when no whole response comes.
reply ask(const origin& peer, std::string_view method, std::string_view target, const headers& fields = {},
          std::string_view body = {});

inline reply get(const origin& peer, std::string_view target)
{
    return ask(peer, "GET", target);
}

// POST of JSON.
reply post_json(const origin& peer, std::string_view target, std::string_view body);

// What comes back for raw bytes on a connection of their own; nothing when it was closed without an answer.
std::optional<reply> ask_raw(const origin& peer, std::string_view bytes);

} // namespace integration
