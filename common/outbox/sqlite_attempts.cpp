#include "common/outbox/sqlite_attempts.hpp"

#include "common/storage/stored_time.hpp"

#include <algorithm>

namespace outbox::sqlite {

namespace {

constexpr std::int64_t attempts_kept = 1'024;

std::int64_t first_of(delivery_id id)
{
    return id * attempts_kept;
}

std::int64_t last_of(delivery_id id)
{
    return first_of(id) + attempts_kept - 1;
}

} // namespace

void insert_attempt(storage::connection& db, delivery_id id, const attempt& made)
{
    auto insert =
        db.prepare("INSERT OR REPLACE INTO attempts (id, started_at, duration_ms, callback_url, result, "
                   "status, error, response) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    insert.bind(first_of(id) + made.number % attempts_kept)
        .bind(storage::to_stored(made.started_at))
        .bind(made.duration.count());
    insert.bind(made.callback_url).bind(made.result);
    made.status ? insert.bind(static_cast<std::int64_t>(made.status)) : insert.bind_null();
    made.error.empty() ? insert.bind_null() : insert.bind(made.error);
    made.response.empty() ? insert.bind_null() : insert.bind_blob(made.response);
    insert.execute();
}

std::vector<attempt> read_attempts(storage::connection& db, delivery_id id, unsigned made)
{
    constexpr auto kept = static_cast<unsigned>(attempts_kept);
    std::vector<attempt> attempts;
    auto rows =
        db.prepare("SELECT id, started_at, duration_ms, callback_url, result, status, error, response "
                   "FROM attempts WHERE id BETWEEN ? AND ? ORDER BY id");
    rows.bind(first_of(id)).bind(last_of(id));
    while (rows.step())
        attempts.push_back({.number = made - (made - static_cast<unsigned>(rows.integer(0))) % kept,
                            .started_at = storage::from_stored(rows.integer(1)),
                            .duration = std::chrono::milliseconds{rows.integer(2)},
                            .callback_url = rows.text(3),
                            .result = rows.text(4),
                            .status = static_cast<unsigned>(rows.integer(5)),
                            .error = rows.text(6),
                            .response = rows.text(7)});
    const auto earlier = [](const attempt& one, const attempt& other) { return one.number < other.number; };
    std::sort(attempts.begin(), attempts.end(), earlier);
    return attempts;
}

void delete_attempts(storage::connection& db, delivery_id id)
{
    auto remove = db.prepare("DELETE FROM attempts WHERE id BETWEEN ? AND ?");
    remove.bind(first_of(id)).bind(last_of(id)).execute();
}

} // namespace outbox::sqlite
