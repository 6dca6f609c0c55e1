#include "common/outbox/sqlite_attempts.hpp"
#include "sender-service/sqlite_transactions.hpp"

namespace sender::sqlite {

namespace {

delivery_status status_of(session_state stored)
{
    if (stored == session_state::delivered)
        return delivery_status::delivered;
    return stored == session_state::dead ? delivery_status::dead : delivery_status::pending;
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
    return delivery_detail{.summary = *summary,
                           .body = body.text(0),
                           .attempts = outbox::sqlite::read_attempts(db, id, summary->attempts)};
}

} // namespace sender::sqlite
