#include "tests/unit/sender/world.hpp"

#include "common/http/url.hpp"

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

} // namespace test
