#include "common/http/client.hpp"

#include "common/http/client_exchange.hpp"
#include "common/http/request_text.hpp"

#include <vector>

namespace http {

namespace asio = boost::asio;

struct client::state : client_parts
{
    using client_parts::client_parts;
};

namespace {

asio::awaitable<exchange> post_with(std::shared_ptr<client_parts> parts, outgoing message,
                                    exchange_limits limits)
{
    exchange refused;
    if (parts->aborted) {
        refused.result = exchange_result::timeout;
        refused.error = "the service is stopping";
        co_return refused;
    }
    auto target = parse_url(message.url);
    if (target.has_error()) { // judged when it was registered, so this is of an older program, or a hand's
        refused.result = exchange_result::refused_address;
        refused.error = target.error().detail;
        co_return refused;
    }
    auto text = request_text(*target, message, parts->user_agent);
    auto one = std::make_shared<client_exchange>(parts, std::move(*target), std::move(text), limits);
    co_return co_await client_exchange::run(std::move(one));
}

} // namespace

client::client(asio::any_io_executor loop, const client_options& options)
    : state_(std::make_shared<state>(std::move(loop), options))
{}

client::~client()
{
    abort();
    state_->names.reset();
}

asio::awaitable<exchange> client::post(outgoing message, exchange_limits limits)
{
    return post_with(state_, std::move(message), limits);
}

void client::stop()
{
    state_->pool->stop();
}

void client::abort()
{
    stop();
    state_->aborted = true;
    const std::vector<client_exchange*> running(state_->running.begin(), state_->running.end());
    for (auto* const one : running)
        one->abort();
}

} // namespace http
