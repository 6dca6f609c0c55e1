#include "tests/unit/sender/world.hpp"

#include "common/http/url.hpp"

#include <boost/asio/detached.hpp>

#include <algorithm>

namespace test {

world::world(outbox::dispatch_settings settings)
    : driven_storage(sender::sqlite_migrations()),
      store(std::make_unique<refusing_store>(sender::open_sqlite_store(database))),
      dispatcher(
          loop.get_executor(), *store, transport, clock, timers, [] { return std::uint64_t{1} << 63; },
          *webhook::secrets::parse("a-secret-of-the-test"), settings, log),
      promoter(loop.get_executor(), *store, clock, timers, log,
               [this](std::vector<sender::delivery> made) { dispatcher.offer(std::move(made)); })
{}

void world::advance(std::chrono::milliseconds step)
{
    clock.at += step;
    timers.fire(clock.at);
    settle();
}

void world::begin()
{
    promoter.start();
    dispatcher.start();
    settle();
}

void world::make_ready(const std::string& user)
{
    register_user(user);
    start_user(user);
    advance(5s);
}

void world::register_user(const std::string& user, const std::string& url)
{
    const auto origin = http::parse_url(url)->origin();
    const auto due_at = result_of(store->register_user(user, url, origin, clock.now()));
    dispatcher.forget(user);
    if (due_at)
        dispatcher.note_stored(*due_at, clock.now());
    settle();
}

sender::started_session world::start_user(const std::string& user)
{
    const auto schedule = sender::schedule_from(clock.now(), {});
    auto session = result_of(store->start(user, "wr_" + user + std::to_string(log_lines.size()), schedule));
    if (session.began)
        promoter.session_started(session.schedule.ready_at);
    settle();
    return session;
}

void world::start_users(const std::string& name, int count, const std::string& origin)
{
    const auto schedule = sender::schedule_from(clock.now(), {});
    for (int i = 0; i < count; ++i) {
        const auto user = name + std::to_string(i);
        boost::asio::co_spawn(
            loop,
            store->register_user(user, std::string(origin).append("/").append(user), origin, clock.now()),
            boost::asio::detached);
        boost::asio::co_spawn(loop, store->start(user, "wr_" + user, schedule), boost::asio::detached);
    }
    settle();
    promoter.session_started(schedule.ready_at);
    settle();
}

void world::pause(const std::string& origin, bool paused)
{
    const auto id = result_of(store->pause_origin(origin, paused, clock.now()));
    dispatcher.set_paused(id.value(), paused);
    settle();
}

std::vector<sender::delivery> world::due(sender::instant now)
{
    std::vector<sender::delivery> found;
    for (const auto& work : result_of(store->find_work(0, 1'000)))
        for (auto& each : result_of(store->claim({{work.origin, 10'000}}, now)))
            found.insert(found.end(), each.due.begin(), each.due.end());
    return found;
}

sender::user_status world::status(const std::string& user)
{
    return result_of(store->status(user)).value();
}

sender::delivery_detail world::newest_delivery(const std::string& user)
{
    sender::delivery_filter filter;
    filter.user_id = user;
    const auto page = result_of(store->deliveries(filter));
    return result_of(store->find_delivery(page.items.at(0).id)).value();
}

std::size_t world::posted_to(std::string_view origin) const
{
    return static_cast<std::size_t>(
        std::count_if(transport.posted.begin(), transport.posted.end(), [&](const http::outgoing& sent) {
            return http::parse_url(sent.url)->origin() == origin;
        }));
}

outbox::origin_report world::report(const std::string& origin)
{
    return dispatcher.report({summary(origin).id}).at(0);
}

sender::origin_summary world::summary(const std::string& origin)
{
    sender::origin_filter filter;
    filter.origin = origin;
    return result_of(store->origins(filter)).items.at(0);
}

} // namespace test
