#pragma once

#include "common/webhook/event.hpp"
#include "common/webhook/instant.hpp"
#include "common/webhook/verify.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace receiver {

using webhook::instant;

inline constexpr std::size_t inbox_events_max = 1'000; // the newest that an inbox shows

// An event that was verified, with everything that is kept of its request.
struct incoming
{
    webhook::event event;
    webhook::verification how;
    instant received_at;
    std::string remote; // the peer's address and port
    std::string head;   // the request line and the headers, as they came
    std::string body;   // the bytes that were signed
};

enum class acceptance { accepted, duplicate };

using event_id = std::int64_t;

// An event as it is listed.
struct event_summary
{
    event_id id = 0;
    webhook::event event;
    instant received_at;
    std::int64_t duplicates = 0;                 // that came after it under the same key
    std::int64_t conflicts = 0;                  // of those, the ones with a different body
    std::optional<std::int64_t> seed_secret;     // which secret (1-based) made X-Signature
    std::optional<std::int64_t> standard_secret; // which made webhook-signature
    std::chrono::seconds skew{0};                // this clock minus the sender's timestamp
};

struct event_detail
{
    event_summary summary;
    std::string remote;
    std::string head;
    std::string body;
};

struct event_filter
{
    std::optional<std::string> user_id;
    std::optional<event_id> before; // only older ones: the cursor
    std::size_t limit = 50;
};

struct event_page
{
    std::vector<event_summary> items; // newest first
    std::optional<event_id> next;     // the cursor, when there are more
};

// What the receiver must not forget. Every function is one transaction and completes after it is durable, on
// the caller's executor. All throw runtime::unavailable when the storage cannot serve just now; then nothing
// was stored.
class store
{
public:
    virtual ~store() = default;

    // Stores the event and its idempotency key, unless the user has an event under that key already: then the
    // first one is kept and the duplicate is counted, after the first one is durable.
    virtual boost::asio::awaitable<acceptance> accept(incoming event) = 0;

    // The newest 1,000 events of a user, oldest first.
    virtual boost::asio::awaitable<std::vector<webhook::event>> inbox(std::string user_id) = 0;

    virtual boost::asio::awaitable<event_page> events(event_filter filter) = 0;
    virtual boost::asio::awaitable<std::optional<event_detail>> find_event(event_id id) = 0;
};

} // namespace receiver
