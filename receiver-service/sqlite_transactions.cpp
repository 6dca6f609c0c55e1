#include "receiver-service/sqlite_transactions.hpp"

#include "common/runtime/planted_defect.hpp"
#include "common/storage/stored_time.hpp"

namespace receiver::sqlite {

namespace {

bool insert_event(storage::connection& db, const incoming& event, const event_hashes& hashes, bool forwarded)
{
    auto insert = db.prepare(
        "INSERT INTO events (user_id, idempotency_key, user_hash, key_hash, type, session_id, event_id, "
        "issued_at, received_at, skew_seconds, seed_secret, standard_secret, remote, head, body, state, "
        "since, due_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (user_hash, key_hash) DO NOTHING");
    const auto received_at = storage::to_stored(event.received_at);
    insert.bind(event.event.user_id).bind(event.event.idempotency_key).bind(hashes.user).bind(hashes.key);
    insert.bind(event.event.type).bind(event.event.session_id).bind(event.event.event_id);
    insert.bind(event.event.issued_at).bind(received_at).bind(event.how.skew.count());
    for (const auto& number : {event.how.seed_secret, event.how.standard_secret})
        number ? insert.bind(static_cast<std::int64_t>(*number)) : insert.bind_null();
    insert.bind(event.remote).bind_blob(event.head).bind_blob(event.body);
    const auto since = forwarded ? std::optional{received_at} : std::nullopt;
    insert.bind(static_cast<std::int64_t>(forwarded ? event_status::accepted : event_status::processed));
    insert.bind_optional(since).bind_optional(since).execute();
    return db.changes() == 1;
}

// False when what these hashes find is another event.
bool count_duplicate(storage::connection& db, const incoming& event, const event_hashes& hashes)
{
    auto update =
        db.prepare("UPDATE events SET duplicates = duplicates + 1, conflicts = conflicts + (body <> ?) "
                   "WHERE user_hash = ? AND key_hash = ? AND user_id = ? AND idempotency_key = ?");
    update.bind_blob(event.body).bind(hashes.user).bind(hashes.key);
    update.bind(event.event.user_id).bind(event.event.idempotency_key).execute();
    return db.changes() == 1;
}

// Another event is found only past this one, which therefore has to stay.
void mark_crowded(storage::connection& db, const event_hashes& hashes)
{
    auto update = db.prepare("UPDATE events SET crowded = 1 WHERE user_hash = ? AND key_hash = ?");
    update.bind(hashes.user).bind(hashes.key).execute();
}

outbox::delivery delivery_of(const incoming& event, event_id id, const std::string& forward_url)
{
    outbox::delivery due;
    due.id = id;
    due.origin = the_app;
    due.user_id = event.event.user_id;
    due.idempotency_key = event.event.idempotency_key;
    due.body = event.body;
    due.callback_url = forward_url;
    due.since = event.received_at;
    return due;
}

} // namespace

receipt accept(storage::connection& db, const incoming& event, const std::string& forward_url,
               hash_function hash)
{
    const bool dropped = runtime::planted(runtime::defect::dedupe_key_dropped);
    for (unsigned shift = dropped ? static_cast<unsigned>(db.last_insert_id()) : 0;; ++shift) {
        const auto hashes = hashes_of(event.event.user_id, event.event.idempotency_key, shift, hash);
        const bool kept_due =
            !forward_url.empty() && !runtime::planted(runtime::defect::forwarded_from_memory);
        if (insert_event(db, event, hashes, kept_due)) {
            receipt kept;
            kept.id = db.last_insert_id();
            if (!forward_url.empty())
                kept.to_forward = delivery_of(event, kept.id, forward_url);
            return kept;
        }
        if (count_duplicate(db, event, hashes))
            return {.result = acceptance::duplicate, .id = 0, .to_forward = std::nullopt};
        mark_crowded(db, hashes);
    }
}

} // namespace receiver::sqlite
