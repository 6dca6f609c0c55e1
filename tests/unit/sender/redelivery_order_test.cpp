#include "sender-service/sqlite_transactions.hpp"
#include "tests/catch.hpp"
#include "tests/unit/sender/world.hpp"

using test::answered;
using test::world;
using namespace std::chrono_literals;

namespace {

// In the order in which they are sent again.
std::vector<sender::delivery_id> redeliverable(world& w, const sender::dead_filter& filter)
{
    const auto look = [&](storage::connection& db) {
        return sender::sqlite::find_redeliverable(db, filter, w.clock.now()).ids;
    };
    return w.result_of(w.database.read(look));
}

} // namespace

TEST_CASE("by filter, what dies again at once comes behind what has been dead for longer")
{
    outbox::dispatch_settings settings;
    settings.retry.attempts_max = 1;
    world w{settings};
    w.transport.answer = [](const auto&) { return answered(500); };
    w.begin();
    w.start_users("user", 3);
    w.advance(5s);
    const auto id_of = [&](const std::string& user) { return w.newest_delivery(user).summary.id; };
    const std::vector<sender::delivery_id> once{id_of("user0"), id_of("user1"), id_of("user2")};
    sender::dead_filter of_origin;
    of_origin.origin = "http://app.test";
    for (const auto& filter : {sender::dead_filter{}, of_origin})
        CHECK(redeliverable(w, filter) == once);
    w.advance(1min);
    const auto again = w.result_of(w.store->redeliver(once[0], w.clock.now()));
    w.dispatcher.note_stored(again.origin, w.clock.now());
    w.settle();
    REQUIRE(w.newest_delivery("user0").summary.attempts == 2);
    for (const auto& filter : {sender::dead_filter{}, of_origin})
        CHECK(redeliverable(w, filter) == std::vector<sender::delivery_id>{once[1], once[2], once[0]});
}
