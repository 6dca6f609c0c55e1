#pragma once

#include "common/outbox/store.hpp"
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
inline constexpr outbox::origin_id the_app = 1;        // everything is forwarded to the one

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

using event_id = std::int64_t; // with forwarding, the outbox::delivery_id too

enum class acceptance { accepted, duplicate };

// What became of an incoming event.
struct receipt
{
    acceptance result = acceptance::accepted;
    event_id id = 0;                            // of the new event; 0 for a duplicate
    std::optional<outbox::delivery> to_forward; // a new event, when there is an app to forward it to
};

// What is stored of an event's way to the app. The numbers are those of the database.
enum class event_status : std::int64_t {
    accepted = 0,  // still to be forwarded
    processed = 1, // the app has it, or there is none
    dead = 2       // given up
};

// The word of the API: accepted, processed or dead.
std::string_view to_string(event_status value);
std::optional<event_status> parse_event_status(std::string_view text);

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
    event_status status = event_status::processed;
    unsigned attempts = 0;                  // to forward it
    std::optional<instant> next_attempt_at; // when accepted
    std::optional<instant> finished_at;     // when forwarding ended
    std::optional<std::string> reason;      // when dead
};

struct event_detail
{
    event_summary summary;
    std::string remote;
    std::string head;
    std::string body;
    std::vector<outbox::attempt> attempts; // to forward it, oldest first
};

struct event_filter
{
    std::optional<std::string> user_id;
    std::optional<event_status> status;
    std::optional<event_id> before; // only older ones: the cursor
    std::size_t limit = 50;
};

struct event_page
{
    std::vector<event_summary> items; // newest first
    std::optional<event_id> next;     // the cursor, when there are more
};

// What the receiver must not forget, with the forwarding of it. Every function is one transaction and
// completes after it is durable, on the caller's executor. All throw runtime::unavailable when the storage
// cannot serve just now; then nothing was stored. The functions may be called from several loops.
class store : public outbox::store
{
public:
    // Stores the event and its idempotency key, unless the user has an event under that key already: then the
    // first one is kept and the duplicate is counted, after the first one is durable. With an app to forward
    // to, the new event is due there at once.
    virtual boost::asio::awaitable<receipt> accept(incoming event) = 0;

    // The newest 1,000 events of a user, oldest first.
    virtual boost::asio::awaitable<std::vector<webhook::event>> inbox(std::string user_id) = 0;

    virtual boost::asio::awaitable<event_page> events(event_filter filter) = 0;
    virtual boost::asio::awaitable<std::optional<event_detail>> find_event(event_id id) = 0;

    // Begins a new series of attempts to forward an event; one that is still to be forwarded becomes due at
    // once. False when there is no such event.
    virtual boost::asio::awaitable<bool> reprocess(event_id id, instant now) = 0;

    // How many events are still to be forwarded.
    virtual boost::asio::awaitable<std::size_t> count_accepted() = 0;
};

} // namespace receiver
