#include "sender-service/sqlite_transactions.hpp"

#include <algorithm>

namespace sender::sqlite {

namespace {

// May a delivery be asked for again, and what of it is there?
struct candidate
{
    redelivery::answer what = redelivery::answer::unknown;
    bool pending = false;
    origin_id origin = 0; // that its user is registered at
};

candidate find_candidate(storage::connection& db, delivery_id id, instant now)
{
    auto row = db.prepare("SELECT s.state, s.became_ready_at, u.origin FROM sessions s "
                          "JOIN users u ON u.id = s.user WHERE s.id = ? AND s.state >= 2");
    if (!row.bind(id).step())
        return {};
    candidate found;
    found.pending = static_cast<session_state>(row.integer(0)) == session_state::pending;
    if (row.is_null(2))
        found.what = redelivery::answer::unregistered;
    else if (from_stored(row.integer(1)) + redelivery_age_max < now)
        found.what = redelivery::answer::too_old;
    else {
        found.what = redelivery::answer::queued;
        found.origin = row.integer(2);
    }
    return found;
}

// Those that have been dead for longest first: what dies again at once comes behind all others.
constexpr std::string_view dead_of_all =
    "SELECT s.id, u.origin IS NOT NULL AND s.became_ready_at >= ?1 "
    "FROM sessions s INDEXED BY deliveries_dead_since JOIN users u ON u.id = s.user "
    "WHERE s.state = 4 ORDER BY s.finished_at";
constexpr std::string_view dead_of_origin =
    "SELECT s.id, u.origin IS NOT NULL AND s.became_ready_at >= ?1 "
    "FROM sessions s INDEXED BY deliveries_dead_of_origin JOIN users u ON u.id = s.user "
    "WHERE s.state = 4 AND s.origin = ?2 ORDER BY s.finished_at";

void note(redeliverable& found, delivery_id id, bool eligible)
{
    if (!eligible)
        ++found.skipped;
    else if (found.ids.size() < redelivered_at_once_max)
        found.ids.push_back(id);
    else
        ++found.remaining;
}

} // namespace

redelivery redeliver(storage::connection& db, delivery_id id, instant now)
{
    const auto found = find_candidate(db, id, now);
    if (found.what != redelivery::answer::queued)
        return {found.what, 0};
    if (found.pending) {
        auto due = db.prepare("UPDATE sessions SET due_at = min(due_at, ?) WHERE id = ?");
        due.bind(to_stored(now)).bind(id).execute();
        return {found.what, found.origin};
    }
    auto update = db.prepare("UPDATE sessions SET state = 2, due_at = ?1, origin = ?2, redelivered_at = ?1, "
                             "attempts_before = attempts, finished_at = NULL, reason = NULL WHERE id = ?3");
    update.bind(to_stored(now)).bind(found.origin).bind(id).execute();
    return {found.what, found.origin};
}

redeliverable find_redeliverable(storage::connection& db, const dead_filter& filter, instant now)
{
    redeliverable found;
    std::optional<origin_id> origin;
    if (filter.origin) {
        origin = find_origin(db, *filter.origin);
        if (!origin)
            return found;
    }
    if (filter.user_id) {
        delivery_filter of_user;
        of_user.status = delivery_status::dead;
        of_user.user_id = filter.user_id;
        for (const auto id : find_ids(db, of_user, origin, remaining_counted_max))
            note(found, id, find_candidate(db, id, now).what == redelivery::answer::queued);
        return found;
    }
    auto rows = db.prepare(origin ? dead_of_origin : dead_of_all);
    rows.bind(to_stored(now - redelivery_age_max));
    if (origin)
        rows.bind(*origin);
    while (found.remaining < remaining_counted_max && rows.step())
        note(found, rows.integer(0), rows.integer(1) != 0);
    return found;
}

redeliveries redeliver_all(storage::connection& db, const redeliverable& found, instant now)
{
    redeliveries done{.queued = 0, .remaining = found.remaining, .skipped = found.skipped, .origins = {}};
    for (const auto id : found.ids) {
        const auto one = redeliver(db, id, now);
        if (one.what != redelivery::answer::queued) {
            ++done.skipped;
            continue;
        }
        ++done.queued;
        if (std::find(done.origins.begin(), done.origins.end(), one.origin) == done.origins.end())
            done.origins.push_back(one.origin);
    }
    return done;
}

} // namespace sender::sqlite
