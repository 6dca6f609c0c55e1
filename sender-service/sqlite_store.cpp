#include "sender-service/sqlite_store.hpp"

#include "sender-service/sqlite_transactions.hpp"

namespace sender {

namespace asio = boost::asio;

namespace {

// Changes go through the writer and reads through the readers, but for claim(), which must see every outcome
// recorded before it, and paused_origins(), which must not come after a change that it did not see. Outcomes
// and promotions are bounded by the dispatcher's slots and turns, so that a full queue never refuses them.
class sqlite_store final : public store
{
public:
    explicit sqlite_store(storage::database& database) : database_(database) {}

    asio::awaitable<std::optional<origin_id>> register_user(std::string user_id, std::string callback_url,
                                                            std::string origin, instant now) override
    {
        const auto work = [&](storage::connection& db) {
            return sqlite::register_user(db, user_id, callback_url, origin, now);
        };
        co_return co_await database_.write(work);
    }

    asio::awaitable<void> unregister_user(std::string user_id, instant now) override
    {
        const auto work = [&](storage::connection& db) { sqlite::unregister_user(db, user_id, now); };
        co_await database_.write(work, storage::admission::control);
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

    asio::awaitable<std::vector<origin_id>> paused_origins() override
    {
        co_return co_await database_.write(sqlite::paused_origins, storage::admission::always);
    }

    asio::awaitable<std::vector<outbox::origin_work>> find_work(origin_id after, std::size_t limit) override
    {
        const auto work = [&](storage::connection& db) { return sqlite::find_work(db, after, limit); };
        co_return co_await database_.read(work);
    }

    asio::awaitable<std::vector<outbox::claimed>> claim(std::vector<outbox::claim_request> wanted,
                                                        instant now) override
    {
        const auto work = [&](storage::connection& db) {
            std::vector<outbox::claimed> found;
            found.reserve(wanted.size());
            for (const auto& each : wanted)
                found.push_back(sqlite::claim(db, each, now));
            return found;
        };
        co_return co_await database_.write(work, storage::admission::always);
    }

    asio::awaitable<outbox::recorded> record(outbox::conclusion what) override
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

    asio::awaitable<redelivery> redeliver(delivery_id id, instant now) override
    {
        const auto work = [&](storage::connection& db) { return sqlite::redeliver(db, id, now); };
        co_return co_await database_.write(work, storage::admission::control);
    }

    // Looked for on a reader, since there may be many, and each looked at again in the transaction.
    asio::awaitable<redeliveries> redeliver_dead(dead_filter filter, instant now) override
    {
        const auto look = [&](storage::connection& db) {
            return sqlite::find_redeliverable(db, filter, now);
        };
        const auto found = co_await database_.read(look);
        const auto work = [&](storage::connection& db) { return sqlite::redeliver_all(db, found, now); };
        co_return co_await database_.write(work, storage::admission::control);
    }

    asio::awaitable<origin_page> origins(origin_filter filter) override
    {
        const auto work = [&](storage::connection& db) { return sqlite::origins(db, filter); };
        co_return co_await database_.read(work);
    }

    asio::awaitable<std::optional<origin_id>> pause_origin(std::string origin, bool paused,
                                                           instant now) override
    {
        const auto work = [&](storage::connection& db) {
            return sqlite::pause_origin(db, origin, paused, now);
        };
        co_return co_await database_.write(work, storage::admission::control);
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
