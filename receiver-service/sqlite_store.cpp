#include "receiver-service/sqlite_store.hpp"

#include "receiver-service/sqlite_transactions.hpp"

namespace receiver {

namespace asio = boost::asio;

namespace {

class sqlite_store final : public store
{
public:
    sqlite_store(storage::database& database, std::string forward_url)
        : database_(database),
          forward_url_(std::move(forward_url))
    {}

    asio::awaitable<receipt> accept(incoming event) override
    {
        const auto work = [&](storage::connection& db) { return sqlite::accept(db, event, forward_url_); };
        co_return co_await database_.write(work);
    }

    asio::awaitable<std::vector<webhook::event>> inbox(std::string user_id) override
    {
        const auto work = [&](storage::connection& db) { return sqlite::inbox(db, user_id); };
        co_return co_await database_.read(work);
    }

    asio::awaitable<event_page> events(event_filter filter) override
    {
        const auto work = [&](storage::connection& db) { return sqlite::events(db, filter); };
        co_return co_await database_.read(work);
    }

    asio::awaitable<std::optional<event_detail>> find_event(event_id id) override
    {
        const auto work = [&](storage::connection& db) { return sqlite::find_event(db, id); };
        co_return co_await database_.read(work);
    }

    asio::awaitable<bool> reprocess(event_id id, instant now) override
    {
        const auto work = [&](storage::connection& db) { return sqlite::reprocess(db, id, now); };
        co_return co_await database_.write(work, storage::admission::control);
    }

    asio::awaitable<std::size_t> count_accepted() override
    {
        const auto work = [](storage::connection& db) { return sqlite::count_accepted(db); };
        co_return co_await database_.read(work);
    }

    asio::awaitable<outbox::walk_turn> expire(instant since, instant now, outbox::walk_position from,
                                              std::size_t limit) override
    {
        return outbox::sqlite::expire(database_, sqlite::expiry(), since, now, from, limit);
    }

    asio::awaitable<outbox::walk_turn> prune(instant before, outbox::walk_position from,
                                             std::size_t limit) override
    {
        return outbox::sqlite::prune(database_, sqlite::prune, before, from, limit);
    }

    asio::awaitable<std::vector<outbox::origin_id>> paused_origins() override
    {
        co_return std::vector<outbox::origin_id>{};
    }

    asio::awaitable<std::vector<outbox::origin_work>> find_work(outbox::origin_id after, std::size_t) override
    {
        const auto work = [&](storage::connection& db) { return sqlite::find_work(db, after); };
        co_return co_await database_.write(work, storage::admission::always);
    }

    asio::awaitable<std::vector<outbox::claimed>> claim(std::vector<outbox::claim_request> wanted,
                                                        instant now) override
    {
        const auto work = [&](storage::connection& db) {
            std::vector<outbox::claimed> found;
            found.reserve(wanted.size());
            for (const auto& each : wanted)
                found.push_back(sqlite::claim(db, each, forward_url_, now));
            return found;
        };
        co_return co_await database_.write(work, storage::admission::always);
    }

    asio::awaitable<outbox::recorded> record(outbox::conclusion what) override
    {
        const auto work = [&](storage::connection& db) { return sqlite::record(db, what); };
        co_return co_await database_.write(work, storage::admission::patient);
    }

private:
    storage::database& database_;
    std::string forward_url_;
};

} // namespace

std::span<const storage::migration> sqlite_migrations()
{
    return sqlite::migrations();
}

std::unique_ptr<store> open_sqlite_store(storage::database& database, std::string forward_url)
{
    return std::make_unique<sqlite_store>(database, std::move(forward_url));
}

} // namespace receiver
