#include "tests/sim/life.hpp"

#include "common/http/request_parser.hpp"
#include "common/http/serialize.hpp"
#include "common/runtime/rethrow.hpp"

#include <boost/asio/co_spawn.hpp>

#include <utility>

namespace sim {

namespace asio = boost::asio;

namespace {

constexpr http::request_limits limits{16'384, 65'536};
constexpr int checkpoint_pages = 60; // so that a run of minutes has many
constexpr int unwinding_rounds_max = 1'000;

storage::database_options options_of(const life_setting& given, storage::application_id owner)
{
    storage::database_options options;
    options.path = given.database_path;
    options.owner = owner;
    options.on_fatal = given.on_fatal;
    options.own_threads = false;
    options.checkpoint_pages = checkpoint_pages;
    return options;
}

asio::awaitable<void> drained(outbox::dispatcher& what)
{
    co_await what.drain(std::chrono::milliseconds{0});
}

} // namespace

runtime::random_source source_of(random& draws)
{
    return [&draws] { return draws.bits(); };
}

life::life(const life_setting& given, storage::application_id owner,
           std::span<const storage::migration> migrations)
    : setting_(given),
      log_(given.clock, runtime::log_level::debug, runtime::log_format::text,
           [this](std::string_view line) {
               if (!dying_)
                   setting_.log.note(setting_.name, line);
           }),
      database_(options_of(given, owner), migrations)
{}

void life::serve(std::vector<http::route> routes)
{
    responder_.emplace(std::move(routes), nullptr, log_or_null_);
}

bool life::poll()
{
    loop_.restart();
    bool some = false;
    while (loop_.poll() > 0)
        some = true;
    return some;
}

void life::receive(const std::string& bytes, std::function<void(std::string)> answer)
{
    http::request_parser parser{limits};
    parser.feed(bytes);
    if (!parser.complete())
        return; // cut on its way, and the connection is closed: there is nobody to answer
    parser.message().remote = "198.51.100.1:4711";
    const auto write = [this, answer = std::move(answer)](const http::response& made) {
        http::date_line date;
        std::string out;
        http::serialize(out, made, {false, false, date.at(setting_.clock.now())});
        answer(std::move(out));
    };
    asio::co_spawn(loop_, respond(parser.message(), std::string(parser.target()), write), runtime::rethrow);
}

void life::ask(http::request message, std::string target, std::function<void(http::response)> answer)
{
    asio::co_spawn(loop_, respond(std::move(message), std::move(target), std::move(answer)),
                   runtime::rethrow);
}

asio::awaitable<void> life::respond(http::request message, std::string target,
                                    std::function<void(http::response)> answer)
{
    const auto made = co_await responder_->answer(message, target);
    if (!dying_) {
        answered(message, made);
        answer(made);
    }
}

void life::drain(outbox::dispatcher& what)
{
    asio::co_spawn(loop_, drained(what), runtime::rethrow);
    poll();
}

bool life::unwind(bool dead)
{
    dying_ = dead;
    begin_stop();
    for (int round = 0; round < unwinding_rounds_max; ++round) {
        poll();
        if (loop_.stopped())
            return true;
        let_go();
        step_disk();
    }
    return false;
}

} // namespace sim
