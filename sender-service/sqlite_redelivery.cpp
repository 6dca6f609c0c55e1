#include "sender-service/sqlite_transactions.hpp"

#include <algorithm>

namespace sender::sqlite {

namespace {

constexpr std::size_t ids_at_once = 10'000;

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
    delivery_filter dead;
    dead.status = delivery_status::dead;
    dead.user_id = filter.user_id;
    dead.origin = filter.origin;
    std::optional<origin_id> origin;
    if (filter.origin) {
        origin = find_origin(db, *filter.origin);
        if (!origin)
            return found;
    }
    for (bool more = true; more && found.remaining < remaining_counted_max;) {
        const auto ids = find_ids(db, dead, origin, ids_at_once);
        for (const auto id : ids) {
            const bool eligible = find_candidate(db, id, now).what == redelivery::answer::queued;
            if (!eligible)
                ++found.skipped;
            else if (found.ids.size() < redelivered_at_once_max)
                found.ids.push_back(id);
            else
                ++found.remaining;
        }
        more = ids.size() == ids_at_once;
        if (more)
            dead.before = ids.back();
    }
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
