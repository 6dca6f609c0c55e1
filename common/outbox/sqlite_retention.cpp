#include "common/outbox/sqlite_retention.hpp"

#include "common/storage/shrink.hpp"
#include "common/storage/stored_time.hpp"

namespace outbox::sqlite {

namespace asio = boost::asio;

expirable find_expired(storage::connection& db, const expiry& by, instant since, instant now,
                       const walk_position& from, std::size_t limit)
{
    expirable found;
    std::size_t looked_at = 0;
    walk_position last = from;
    auto rows = db.prepare(by.find);
    rows.bind(from.major).bind(from.minor).bind(storage::to_stored(now));
    rows.bind(static_cast<std::int64_t>(limit));
    for (; rows.step(); ++looked_at) {
        last = {rows.integer(0), rows.integer(1)};
        if (storage::from_stored(rows.integer(2)) <= since)
            found.ids.push_back(last.minor);
    }
    if (looked_at == limit)
        found.next = last;
    return found;
}

std::size_t give_up(storage::connection& db, const expiry& by, const std::vector<delivery_id>& ids,
                    instant since, instant now)
{
    std::size_t count = 0;
    for (const auto id : ids) {
        auto update = db.prepare(by.give_up);
        update.bind(storage::to_stored(now)).bind(to_string(dead_reason::expired)).bind(id);
        update.bind(storage::to_stored(since)).execute();
        count += static_cast<std::size_t>(db.changes());
    }
    return count;
}

asio::awaitable<walk_turn> expire(storage::database& database, expiry by, instant since, instant now,
                                  walk_position from, std::size_t limit)
{
    const auto look = [&](storage::connection& db) { return find_expired(db, by, since, now, from, limit); };
    const auto found = co_await database.read(look);
    walk_turn turn;
    turn.next = found.next;
    if (found.ids.empty()) {
        co_return turn;
    }
    const auto work = [&](storage::connection& db) { return give_up(db, by, found.ids, since, now); };
    turn.count = co_await database.write(work, storage::admission::always);
    co_return turn;
}

asio::awaitable<walk_turn> prune(storage::database& database, pruning by, instant before, walk_position from,
                                 std::size_t limit)
{
    const auto work = [&](storage::connection& db) {
        const auto turn = by(db, before, from, limit);
        storage::shrink(db);
        return turn;
    };
    co_return co_await database.write(work, storage::admission::always);
}

} // namespace outbox::sqlite
