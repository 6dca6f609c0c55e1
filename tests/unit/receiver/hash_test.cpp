#include "tests/catch.hpp"
#include "tests/unit/receiver/fresh_database.hpp"

namespace {

using receiver::acceptance;
using test::event_of;
using test::fresh_database;
using test::worst_hash;

acceptance accept(storage::connection& db, const receiver::incoming& event,
                  receiver::sqlite::hash_function hash = receiver::sqlite::hash_of)
{
    return receiver::sqlite::accept(db, event, {}, hash).result;
}

} // namespace

TEST_CASE("events whose hashes collide are told apart by their texts")
{
    const fresh_database fresh;
    auto& db = *fresh.db;
    for (const auto* const user : {"alice", "bob", "carol"})
        CHECK(accept(db, event_of(user, "wr_1"), worst_hash) == acceptance::accepted);
    CHECK(accept(db, event_of("bob", "wr_2"), worst_hash) == acceptance::accepted);
    for (const auto* const user : {"alice", "bob", "carol"})
        CHECK(accept(db, event_of(user, "wr_1", "other"), worst_hash) == acceptance::duplicate);

    const auto bobs = receiver::sqlite::inbox(db, "bob", worst_hash);
    REQUIRE(bobs.size() == 2);
    CHECK(bobs[0].session_id == "wr_1");
    CHECK(bobs[1].session_id == "wr_2");
    receiver::event_filter filter;
    filter.user_id = "carol";
    const auto carols = receiver::sqlite::events(db, filter, worst_hash);
    REQUIRE(carols.items.size() == 1);
    CHECK(carols.items[0].duplicates == 1);
    CHECK(carols.items[0].conflicts == 1);
}

TEST_CASE("the hash of a text is what is stored already")
{
    // HMAC-SHA256 under the key `receiver.events1`, the first 64 bits, from OpenSSL's command line.
    CHECK(receiver::sqlite::hash_of({"ali", "ce"}) == receiver::sqlite::hash_of({"alice"}));
    CHECK(receiver::sqlite::hash_of({"alice"}) == -4899912301926784372);
}

TEST_CASE("the events of a database that knew no hashes are found after the migration, and stay unique")
{
    const test::temporary_folder folder;
    const auto path = folder.file("r.db");
    const auto steps = receiver::sqlite_migrations();
    {
        const auto db = storage::open_for_writing(path, receiver::sqlite_owner, steps.first(1));
        db->run_script("INSERT INTO events (user_id, idempotency_key, type, session_id, event_id, issued_at, "
                       "received_at, skew_seconds, remote, head, body) VALUES "
                       "('alice', 'evt_wr_1_active', 'T', 'wr_1', 'e', 'i', 1, 0, 'r', x'', x'7B7D'), "
                       "('bob', 'evt_wr_2_active', 'T', 'wr_2', 'e', 'i', 2, 0, 'r', x'', x'7B7D')");
    }
    const auto db = storage::open_for_writing(path, receiver::sqlite_owner, steps);
    REQUIRE(receiver::sqlite::inbox(*db, "bob").size() == 1);
    CHECK(receiver::sqlite::inbox(*db, "bob").front().session_id == "wr_2");
    CHECK(accept(*db, event_of("alice", "wr_1")) == acceptance::duplicate);
    CHECK(accept(*db, event_of("alice", "wr_3")) == acceptance::accepted);
}
