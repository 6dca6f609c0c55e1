#include "common/runtime/gate.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>

namespace runtime {

namespace asio = boost::asio;

gate::gate(const asio::any_io_executor& loop) : empty_(loop) {}

asio::awaitable<bool> gate::wait_empty(std::chrono::milliseconds patience)
{
    constexpr auto as_result = asio::as_tuple(asio::deferred);
    if (inside_ == 0)
        co_return true;
    empty_.expires_after(patience);
    co_await empty_.async_wait(as_result);
    co_return inside_ == 0;
}

void gate::leave()
{
    if (--inside_ == 0)
        empty_.cancel();
}

} // namespace runtime
