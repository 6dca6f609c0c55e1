#include "common/http/client_exchange.hpp"

#include "common/http/address_literal.hpp"
#include "common/http/tls_context.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>

#include <algorithm>
#include <utility>

namespace http {

namespace asio = boost::asio;

using steady = std::chrono::steady_clock;

namespace {

constexpr auto as_result = asio::as_tuple(asio::deferred);
constexpr std::size_t addresses_tried_max = 8; // of one name
constexpr std::size_t spare_chunks_max = 64;

// Keeps an exchange in the client's list as long as it runs.
class listed
{
public:
    listed(client_parts& parts, client_exchange* running) : parts_(parts), running_(running)
    {
        parts_.running.insert(running_);
    }
    ~listed() { parts_.running.erase(running_); }
    listed(const listed&) = delete;
    listed& operator=(const listed&) = delete;

private:
    client_parts& parts_;
    client_exchange* running_;
};

std::string milliseconds_text(std::chrono::milliseconds limit)
{
    return std::to_string(limit.count()) + " ms";
}

// An alert that the peer sends after its side of the handshake, as TLS 1.3 does for a client certificate.
bool is_tls_error(const boost::system::error_code& error)
{
    return error.category() == asio::error::get_ssl_category();
}

} // namespace

client_parts::client_parts(asio::any_io_executor executor, const client_options& options)
    : loop(std::move(executor)),
      policy(options.policy),
      user_agent(options.user_agent),
      tls(make_tls_context(options.ca_file)),
      pool(std::make_shared<connection_pool>(loop, options.idle_connections_max, options.idle_timeout)),
      names(std::make_unique<resolver>(options.names))
{}

asio::ssl::context& client_parts::tls_context()
{
    if (!std::exchange(trusts_system, true))
        trust_system_authorities(tls);
    return tls;
}

client_exchange::client_exchange(std::shared_ptr<client_parts> parts, url target, std::string request,
                                 exchange_limits limits)
    : parts_(std::move(parts)),
      target_(std::move(target)),
      request_(std::move(request)),
      limits_(limits),
      whole_at_(steady::now() + limits.whole),
      connect_at_(std::min(whole_at_, steady::now() + limits.connect)),
      timer_(parts_->loop)
{}

asio::awaitable<exchange> client_exchange::run(std::shared_ptr<client_exchange> self)
{
    const listed while_running(*self->parts_, self.get());
    if (!co_await self->find_addresses())
        co_return self->finish();
    if (self->reuse()) {
        co_await self->talk();
        if (!self->died_unheard())
            co_return self->finish();
        // The peer closed it while it was idle, most likely; RFC 9110, 9.2.2 leaves the retry to those who
        // know that it does no harm, and a webhook carries an idempotency key.
        self->connection_->close();
        self->connect_at_ = std::min(self->whole_at_, steady::now() + self->limits_.connect);
    }
    if (co_await self->open())
        co_await self->talk();
    co_return self->finish();
}

void client_exchange::abort()
{
    timer_.cancel(); // what waits for a look-up
    if (connection_)
        connection_->close();
}

void client_exchange::arm(time_point at)
{
    expired_ = false;
    const auto arming = ++arming_;
    timer_.expires_at(at);
    timer_.async_wait([weak = weak_from_this(), arming](const boost::system::error_code& error) {
        const auto self = weak.lock();
        if (self && !error && self->arming_ == arming)
            self->expire();
    });
}

void client_exchange::expire()
{
    expired_ = true;
    if (connection_)
        connection_->close();
}

bool client_exchange::fail(exchange_result result, std::string error)
{
    result_.result = result;
    result_.error = std::move(error);
    return false;
}

bool client_exchange::fail_by_time()
{
    if (parts_->aborted)
        return fail(exchange_result::timeout, "the service is stopping");
    if (steady::now() >= whole_at_)
        return fail(exchange_result::timeout, "no response within " + milliseconds_text(limits_.whole));
    return fail(exchange_result::connect_timeout,
                "no connection within " + milliseconds_text(limits_.connect));
}

// Fills permitted_ with the addresses that may be connected to; false, and a failure, when there are none.
asio::awaitable<bool> client_exchange::find_addresses()
{
    std::vector<asio::ip::address> addresses;
    if (const auto literal = address_literal(target_.host)) {
        addresses.push_back(*literal);
    }
    else {
        auto answer = parts_->names->known(target_.host);
        if (!answer)
            answer = co_await look_up();
        if (parts_->aborted || (answer->addresses.empty() && answer->error.empty()))
            co_return fail_by_time();
        if (answer->addresses.empty())
            co_return fail(exchange_result::dns, "the host's name cannot be resolved: " + answer->error);
        addresses = std::move(answer->addresses);
    }
    co_return permit(addresses);
}

// The answer, or an empty one without an error when the time ran out.
asio::awaitable<lookup_answer> client_exchange::look_up()
{
    // The timer is the event that the coroutine waits for: at its time the limit has passed; cancelled, there
    // is an answer, or the client aborts.
    timer_.expires_at(connect_at_);
    const auto waiter = parts_->names->look_up(target_.host, parts_->loop, [this](lookup_answer answer) {
        found_ = std::move(answer);
        timer_.cancel();
    });
    if (!parts_->aborted)
        (void)co_await timer_.async_wait(as_result);
    co_return std::move(found_).value_or(lookup_answer{});
}

bool client_exchange::permit(const std::vector<asio::ip::address>& addresses)
{
    for (const auto& address : addresses)
        if (permitted_.size() < addresses_tried_max && parts_->policy.permits(target_, address))
            permitted_.push_back(address);
    if (permitted_.empty())
        return fail(exchange_result::refused_address,
                    "the host's address is not one that callbacks may go to; the operator can permit it in "
                    "SENDER_ALLOWED_CALLBACKS");
    return true;
}

// Takes an idle connection, if one was opened to an address that is permitted now.
bool client_exchange::reuse()
{
    for (const auto& address : permitted_) {
        connection_ = parts_->pool->take(connection_key(target_, address));
        if (connection_)
            return true;
    }
    return false;
}

// Connects to the permitted addresses in turn, each with an equal share of the time that is left.
asio::awaitable<bool> client_exchange::open()
{
    bool connected = false;
    for (std::size_t i = 0; i < permitted_.size() && !connected; ++i) {
        const auto now = steady::now();
        if (now >= connect_at_ || parts_->aborted)
            co_return fail_by_time();
        const auto left = static_cast<steady::rep>(permitted_.size() - i);
        arm(now + (connect_at_ - now) / left);
        connection_ = std::make_shared<connection>(parts_->loop, connection_key(target_, permitted_[i]));
        const auto error = co_await connection_->connect();
        connected = !error && !interrupted();
        if (!connected && interrupted())
            fail_by_time();
        else if (!connected)
            fail(exchange_result::connect, "cannot connect: " + error.message());
    }
    if (!connected)
        co_return false;
    arm(connect_at_);
    if (target_.tls) {
        const auto problem = co_await connection_->handshake(parts_->tls_context(), target_);
        if (interrupted())
            co_return fail_by_time();
        if (problem)
            co_return fail(exchange_result::tls, *problem);
    }
    result_ = {};
    co_return true;
}

// Sends the request and reads the response, up to the time of the whole exchange.
asio::awaitable<void> client_exchange::talk()
{
    arm(whole_at_);
    reader_.emplace();
    take_chunk();
    auto error = co_await connection_->write(request_);
    auto progress = reader_->state();
    while (!error && !interrupted() &&
           (progress == response_reader::progress::head || progress == response_reader::progress::body))
    {
        const auto [failed, size] = co_await connection_->read_some(*chunk_);
        error = failed;
        progress = reader_->feed({chunk_->data(), size});
    }
    if (progress == response_reader::progress::malformed)
        fail(exchange_result::malformed, reader_->problem());
    else if (progress != response_reader::progress::head)
        result_ = {exchange_result::answered, reader_->status(), reader_->retry_after(), reader_->body(), {}};
    else if (interrupted())
        fail_by_time();
    else if (is_tls_error(error))
        fail(exchange_result::tls, "the TLS connection failed: " + error.message());
    else
        fail(exchange_result::truncated, "the connection ended before the response's head did");
}

bool client_exchange::died_unheard() const
{
    return result_.result == exchange_result::truncated && !reader_->heard();
}

void client_exchange::take_chunk()
{
    auto& spare = parts_->spare_chunks;
    if (chunk_)
        return; // of the try on a connection that had died
    if (spare.empty())
        chunk_ = std::make_unique_for_overwrite<read_chunk>();
    else {
        chunk_ = std::move(spare.back());
        spare.pop_back();
    }
}

exchange client_exchange::finish()
{
    if (chunk_ && parts_->spare_chunks.size() < spare_chunks_max)
        parts_->spare_chunks.push_back(std::move(chunk_));
    ++arming_;
    timer_.cancel();
    if (connection_ && reader_ && !interrupted() && result_.result == exchange_result::answered &&
        reader_->leaves_connection_reusable())
        parts_->pool->put(connection_);
    else if (connection_)
        connection_->close();
    return std::move(result_);
}

} // namespace http
