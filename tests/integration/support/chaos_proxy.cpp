#include "tests/integration/support/chaos_proxy.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <future>
#include <map>
#include <thread>
#include <type_traits>
#include <utility>

namespace integration {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

namespace {

constexpr auto as_result = asio::as_tuple(asio::deferred);

// Both ends of a connection that goes through the proxy.
struct passage
{
    passage(asio::io_context& loop, tcp::socket accepted) : client(std::move(accepted)), server(loop) {}

    tcp::socket client;
    tcp::socket server;
    treatment how;
    bool ended = false;
    std::string request; // what the client sent
    std::size_t response_bytes = 0;

    void close()
    {
        ended = true;
        boost::system::error_code ignored;
        client.close(ignored);
        server.close(ignored);
    }

    void end()
    {
        ended = true;
        boost::system::error_code ignored;
        if (how.end == mishap::stall)
            return;
        if (how.end == mishap::reset) {
            client.set_option(tcp::socket::linger(true, 0), ignored);
            server.set_option(tcp::socket::linger(true, 0), ignored);
        }
        close();
    }
};

enum class direction { request, response };

// Writes `bytes` in slices; false when that failed.
asio::awaitable<bool> pass(std::shared_ptr<passage> both, direction way, std::string_view bytes)
{
    auto& to = way == direction::request ? both->server : both->client;
    if (both->how.delay.count() > 0) {
        asio::steady_timer pause(to.get_executor(), both->how.delay);
        (void)co_await pause.async_wait(as_result);
    }
    while (!bytes.empty()) {
        const auto slice = bytes.substr(0, both->how.slice_bytes);
        const auto [error, size] = co_await asio::async_write(to, asio::buffer(slice), as_result);
        if (error)
            co_return false;
        bytes.remove_prefix(slice.size());
    }
    co_return true;
}

// Passes one direction until the treatment ends it, or an end of the connection.
asio::awaitable<void> pump(std::shared_ptr<passage> both, direction way)
{
    auto& from = way == direction::request ? both->client : both->server;
    const auto limit = way == direction::request ? both->how.request_bytes : both->how.response_bytes;
    std::array<char, 8'192> chunk{};
    std::size_t passed = 0;
    for (;;) {
        const auto [error, size] = co_await from.async_read_some(asio::buffer(chunk), as_result);
        if (error)
            break;
        if (way == direction::request)
            both->request.append(chunk.data(), size);
        else
            both->response_bytes += size;
        if (both->ended) // stalled
            continue;
        const auto allowed = std::min(size, limit.value_or(passed + size) - passed);
        const bool went = co_await pass(both, way, {chunk.data(), allowed});
        if (!went)
            break;
        passed += allowed;
        if (allowed < size)
            both->end();
    }
    both->close();
}

// A port and those who came to it.
struct door
{
    door(asio::io_context& loop, chaos_proxy::plan plan_of_it)
        : acceptor(loop, tcp::v4()),
          treatments(std::move(plan_of_it))
    {
        acceptor.bind({asio::ip::address_v4::loopback(), 0});
    }

    tcp::acceptor acceptor;
    chaos_proxy::plan treatments;
    std::vector<std::shared_ptr<passage>> passages;
};

} // namespace

struct chaos_proxy::state
{
    explicit state(const origin& of_server)
        : target(asio::ip::make_address(of_server.host),
                 static_cast<std::uint16_t>(std::stoul(of_server.port)))
    {
        thread = std::thread([this] { loop.run(); });
    }
    ~state()
    {
        on_loop([this] {
            for (auto& [port, one] : doors) {
                one.acceptor.close();
                for (const auto& each : one.passages)
                    each->close();
            }
        });
        open.reset();
        thread.join();
    }
    state(const state&) = delete;
    state& operator=(const state&) = delete;

    // Runs `work` on the proxy's thread and answers with what it made.
    template <class Work>
    std::invoke_result_t<Work&> on_loop(Work work)
    {
        std::packaged_task<std::invoke_result_t<Work&>()> task(std::move(work));
        auto made = task.get_future();
        asio::post(loop, std::move(task));
        return made.get();
    }

    asio::awaitable<void> accept(door& here)
    {
        for (;;) {
            auto [error, accepted] = co_await here.acceptor.async_accept(as_result);
            if (error)
                co_return;
            auto both = std::make_shared<passage>(loop, std::move(accepted));
            here.passages.push_back(both);
            both->how = here.treatments(here.passages.size());
            asio::co_spawn(loop, serve(std::move(both)), asio::detached);
        }
    }

    asio::awaitable<void> serve(std::shared_ptr<passage> both)
    {
        const auto [error] = co_await both->server.async_connect(target, as_result);
        if (error) {
            both->close();
            co_return;
        }
        both->client.set_option(tcp::no_delay(true));
        both->server.set_option(tcp::no_delay(true));
        asio::co_spawn(loop, pump(both, direction::request), asio::detached);
        co_await pump(both, direction::response);
    }

    asio::io_context loop{1};
    asio::executor_work_guard<asio::io_context::executor_type> open{loop.get_executor()};
    tcp::endpoint target;
    std::map<std::uint16_t, door> doors;
    std::thread thread;
};

chaos_proxy::chaos_proxy(const origin& target) : state_(std::make_unique<state>(target)) {}

chaos_proxy::~chaos_proxy() = default;

std::uint16_t chaos_proxy::bind(plan treatments)
{
    return state_->on_loop([&] {
        door made(state_->loop, std::move(treatments));
        const auto port = made.acceptor.local_endpoint().port();
        state_->doors.emplace(port, std::move(made));
        return port;
    });
}

void chaos_proxy::listen(std::uint16_t port)
{
    state_->on_loop([&] {
        auto& here = state_->doors.at(port);
        here.acceptor.listen();
        asio::co_spawn(state_->loop, state_->accept(here), asio::detached);
    });
}

std::uint16_t chaos_proxy::open(plan treatments)
{
    const auto port = bind(std::move(treatments));
    listen(port);
    return port;
}

traffic chaos_proxy::seen(std::uint16_t port)
{
    return state_->on_loop([&] {
        traffic all;
        const auto& passages = state_->doors.at(port).passages;
        all.connections = passages.size();
        for (const auto& each : passages) {
            all.requests.push_back(each->request);
            all.response_bytes += each->response_bytes;
        }
        return all;
    });
}

} // namespace integration
