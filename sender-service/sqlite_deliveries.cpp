#include "common/webhook/event.hpp"
#include "sender-service/sqlite_transactions.hpp"

#include <algorithm>

namespace sender::sqlite {

namespace {

delivery_status status_of(session_state stored)
{
    if (stored == session_state::delivered)
        return delivery_status::delivered;
    return stored == session_state::dead ? delivery_status::dead : delivery_status::pending;
}

// `made` is how many there were in all.
std::vector<attempt> read_attempts(storage::connection& db, delivery_id id, unsigned made)
{
    constexpr auto kept = static_cast<unsigned>(attempts_kept);
    std::vector<attempt> attempts;
    auto rows =
        db.prepare("SELECT id, started_at, duration_ms, callback_url, result, status, error, response "
                   "FROM attempts WHERE id BETWEEN ? AND ? ORDER BY id");
    rows.bind(id * attempts_kept).bind(id * attempts_kept + attempts_kept - 1);
    while (rows.step())
        attempts.push_back({.number = made - (made - static_cast<unsigned>(rows.integer(0))) % kept,
                            .started_at = from_stored(rows.integer(1)),
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

} // namespace

std::optional<delivery_summary> find_summary(storage::connection& db, delivery_id id)
{
    auto row = db.prepare("SELECT u.user_id, s.session_id, s.state, o.origin, u.callback_url, s.attempts, "
                          "s.became_ready_at, s.due_at, s.finished_at, s.reason FROM sessions s "
                          "JOIN users u ON u.id = s.user LEFT JOIN origins o ON o.id = s.origin "
                          "WHERE s.id = ? AND s.state >= 2");
    if (!row.bind(id).step())
        return std::nullopt;
    return delivery_summary{.id = id,
                            .user_id = row.text(0),
                            .session_id = row.text(1),
                            .status = status_of(static_cast<session_state>(row.integer(2))),
                            .origin = row.optional_text(3),
                            .callback_url = row.optional_text(4),
                            .attempts = static_cast<unsigned>(row.integer(5)),
                            .ready_at = from_stored(row.integer(6)),
                            .next_attempt_at = from_stored(row.optional_integer(7)),
                            .finished_at = from_stored(row.optional_integer(8)),
                            .reason = row.optional_text(9)};
}

std::optional<delivery_detail> find_delivery(storage::connection& db, delivery_id id)
{
    auto summary = find_summary(db, id);
    if (!summary)
        return std::nullopt;
    auto body = db.prepare("SELECT body FROM sessions WHERE id = ?");
    body.bind(id).step();
    return delivery_detail{
        .summary = *summary, .body = body.text(0), .attempts = read_attempts(db, id, summary->attempts)};
}

} // namespace sender::sqlite
