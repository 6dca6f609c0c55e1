#include "receiver-service/sqlite_store.hpp"

#include "receiver-service/sqlite_transactions.hpp"

namespace receiver {

namespace asio = boost::asio;

namespace {

class sqlite_store final : public store
{
public:
    explicit sqlite_store(storage::database& database) : database_(database) {}

    asio::awaitable<acceptance> accept(incoming event) override
    {
        const auto work = [&](storage::connection& db) { return sqlite::accept(db, event); };
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

private:
    storage::database& database_;
};

} // namespace

std::span<const storage::migration> sqlite_migrations()
{
    return sqlite::migrations();
}

std::unique_ptr<store> open_sqlite_store(storage::database& database)
{
    return std::make_unique<sqlite_store>(database);
}

} // namespace receiver
