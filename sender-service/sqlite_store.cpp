#include "sender-service/sqlite_store.hpp"

#include "sender-service/sqlite_transactions.hpp"

namespace sender {

namespace asio = boost::asio;

namespace {

// Changes go through the writer and reads through the readers, but for claim_due(), which must see every
// outcome recorded before it. Outcomes and promotions are bounded by the dispatcher's slots and turns, so
// that a full queue never refuses them.
class sqlite_store final : public store
{
public:
    explicit sqlite_store(storage::database& database) : database_(database) {}

    asio::awaitable<void> register_user(std::string user_id, std::string callback_url, std::string origin,
                                        instant now) override
    {
        const auto work = [&](storage::connection& db) {
            sqlite::register_user(db, user_id, callback_url, origin, now);
        };
        co_await database_.write(work);
    }

    asio::awaitable<void> unregister_user(std::string user_id, instant now) override
    {
        const auto work = [&](storage::connection& db) { sqlite::unregister_user(db, user_id, now); };
        co_await database_.write(work);
    }

    asio::awaitable<started_session> start(std::string user_id, std::string session_id,
                                           room_schedule schedule) override
    {
        const auto work = [&](storage::connection& db) {
            return sqlite::start(db, user_id, session_id, schedule);
        };
        co_return co_await database_.write(work);
    }

    asio::awaitable<std::optional<user_status>> status(std::string user_id) override
    {
        const auto work = [&](storage::connection& db) { return sqlite::status(db, user_id); };
        co_return co_await database_.read(work);
    }

    asio::awaitable<promotion> promote_due(instant now, std::size_t limit) override
    {
        const auto work = [&](storage::connection& db) { return sqlite::promote_due(db, now, limit); };
        co_return co_await database_.write(work, storage::admission::always);
    }

    asio::awaitable<due_deliveries> claim_due(instant now, std::size_t limit) override
    {
        const auto work = [&](storage::connection& db) { return sqlite::claim_due(db, now, limit); };
        co_return co_await database_.write(work, storage::admission::always);
    }

    asio::awaitable<std::optional<verdict>> record(conclusion what) override
    {
        const auto work = [&](storage::connection& db) { return sqlite::record(db, what); };
        co_return co_await database_.write(work, storage::admission::patient);
    }

    asio::awaitable<delivery_page> deliveries(delivery_filter filter) override
    {
        const auto work = [&](storage::connection& db) { return sqlite::deliveries(db, filter); };
        co_return co_await database_.read(work);
    }

    asio::awaitable<std::optional<delivery_detail>> find_delivery(delivery_id id) override
    {
        const auto work = [&](storage::connection& db) { return sqlite::find_delivery(db, id); };
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

} // namespace sender
