#pragma once

#include "tests/integration/support/http_client.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace integration {

// How a connection ends that is not left alone.
enum class mishap {
    close,
    reset,
    stall // nothing is passed any more, and nothing closed
};

// What is done to one connection. Bytes are counted from its first one on.
struct treatment
{
    std::optional<std::size_t> request_bytes;  // passed before `end`, once there are more
    std::optional<std::size_t> response_bytes; // the same, of the other direction
    mishap end = mishap::close;
    std::size_t slice_bytes = 65'536;   // at most, in one write
    std::chrono::milliseconds delay{0}; // before each that was read at once is passed
};

// What went through a port.
struct traffic
{
    std::size_t connections = 0;
    std::vector<std::string> requests; // what each connection's client sent, whether or not it was passed
    std::size_t response_bytes = 0;    // that the target sent, of all connections
};

// Stands between a client and a server, on ports of 127.0.0.1 and a thread of its own, and does to each
// connection what it is told to.
class chaos_proxy
{
public:
    // What becomes of the n-th connection (1-based) to a port. Called on the proxy's thread.
    using plan = std::function<treatment(std::size_t number)>;

    explicit chaos_proxy(const origin& target);

    // Closes everything.
    ~chaos_proxy();

    chaos_proxy(const chaos_proxy&) = delete;
    chaos_proxy& operator=(const chaos_proxy&) = delete;

    // A new port, which refuses connections until listen().
    std::uint16_t bind(plan treatments);

    // Lets a port take connections.
    void listen(std::uint16_t port);

    // A new port that takes connections.
    std::uint16_t open(plan treatments);

    traffic seen(std::uint16_t port);

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace integration
