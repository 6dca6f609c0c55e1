#pragma once

#include "common/http/address_policy.hpp"
#include "common/http/client.hpp"
#include "common/http/connection.hpp"
#include "common/http/connection_pool.hpp"
#include "common/http/resolver.hpp"
#include "common/http/response_reader.hpp"
#include "common/http/transport.hpp"
#include "common/http/url.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

namespace http {

class client_exchange;

using read_chunk = std::array<char, 8'192>; // a response in one recv

// What all exchanges of a client share.
struct client_parts
{
    client_parts(boost::asio::any_io_executor executor, const client_options& options);

    // The context for a connection; the first call takes tens of milliseconds.
    boost::asio::ssl::context& tls_context();

    boost::asio::any_io_executor loop;
    address_policy policy;
    std::string user_agent;
    boost::asio::ssl::context tls;
    bool trusts_system = false; // not before the first callback that is https
    std::shared_ptr<connection_pool> pool;
    std::unique_ptr<resolver> names; // gone with the client, so that its threads touch the loop no more
    std::unordered_set<client_exchange*> running;
    // Of exchanges that ended: allocating one that large for each costs more than the rest of its making.
    std::vector<std::unique_ptr<read_chunk>> spare_chunks;
    bool aborted = false;
};

// One POST from its look-up to its answer. A single timer carries the limit that is next; when it passes, and
// when the client aborts, the connection is closed, and what was under way ends with an error.
class client_exchange : public std::enable_shared_from_this<client_exchange>
{
public:
    client_exchange(std::shared_ptr<client_parts> parts, url target, std::string request,
                    exchange_limits limits);

    // Carries out `self`; once.
    static boost::asio::awaitable<exchange> run(std::shared_ptr<client_exchange> self);

    // Ends what is under way at once.
    void abort();

private:
    using time_point = std::chrono::steady_clock::time_point;

    boost::asio::awaitable<bool> find_addresses();
    boost::asio::awaitable<lookup_answer> look_up();
    bool permit(const std::vector<boost::asio::ip::address>& addresses);
    boost::asio::awaitable<bool> open();
    boost::asio::awaitable<void> talk();
    bool reuse();
    void take_chunk();
    bool died_unheard() const;
    exchange finish();

    void arm(time_point at);
    void expire();
    bool interrupted() const { return expired_ || parts_->aborted; }
    bool fail(exchange_result result, std::string error);
    bool fail_by_time();

    const std::shared_ptr<client_parts> parts_;
    const url target_;
    const std::string request_;
    const exchange_limits limits_;
    const time_point whole_at_;
    time_point connect_at_;
    boost::asio::steady_timer timer_;
    std::uint64_t arming_ = 0; // tells the limit that is next from one whose handler is queued already
    bool expired_ = false;
    std::optional<lookup_answer> found_;
    std::vector<boost::asio::ip::address> permitted_;
    std::shared_ptr<connection> connection_;
    std::optional<response_reader> reader_;
    std::unique_ptr<read_chunk> chunk_; // while there is something to read
    exchange result_;
};

} // namespace http
