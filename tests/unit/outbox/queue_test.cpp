#include "common/outbox/queue.hpp"
#include "tests/catch.hpp"

#include <algorithm>
#include <vector>

using outbox::delivery;
using outbox::delivery_id;
using outbox::origin_id;
using outbox::queue;

namespace {

delivery due(delivery_id id, origin_id origin, const std::string& user = "alice")
{
    delivery one;
    one.id = id;
    one.origin = origin;
    one.user_id = user;
    return one;
}

// The origins of those that forget() dropped.
std::vector<origin_id> forgotten(queue& waiting, const std::string& user)
{
    std::vector<origin_id> dropped;
    waiting.forget(user, [&](origin_id of) { dropped.push_back(of); });
    return dropped;
}

} // namespace

TEST_CASE("deliveries leave the queue in their order, each origin's for itself")
{
    queue waiting;
    for (const delivery_id id : {1, 2, 3, 4})
        CHECK(waiting.push(due(id, id % 2)));
    CHECK(waiting.size() == 4);
    CHECK(waiting.pop(0).id == 2);
    CHECK(waiting.pop(1).id == 1);
    CHECK(waiting.pop(1).id == 3);
    CHECK(waiting.pop(0).id == 4);
    CHECK(waiting.size() == 0);
}

TEST_CASE("a delivery that waits or is under way is not taken a second time")
{
    queue waiting;
    CHECK(waiting.push(due(1, 7)));
    CHECK_FALSE(waiting.push(due(1, 7)));
    CHECK_FALSE(waiting.push(due(1, 8))); // not under another origin either
    waiting.pop(7);
    CHECK_FALSE(waiting.push(due(1, 7)));
    waiting.release(1);
    CHECK(waiting.push(due(1, 7)));
    CHECK(waiting.size() == 1);
}

TEST_CASE("what is shed are the last of an origin, and they may come again")
{
    queue waiting;
    for (delivery_id id = 1; id <= 5; ++id)
        waiting.push(due(id, 7));
    waiting.push(due(6, 8));
    CHECK(waiting.shed(7, 2) == 3);
    CHECK(waiting.shed(7, 2) == 0);
    CHECK(waiting.shed(9, 0) == 0);
    CHECK(waiting.size() == 3);
    CHECK(waiting.push(due(5, 7)));
    CHECK(waiting.pop(7).id == 1);
    CHECK(waiting.pop(7).id == 2);
    CHECK(waiting.pop(7).id == 5);
    CHECK(waiting.pop(8).id == 6);
}

TEST_CASE("an origin of which all is shed can be queued at again")
{
    queue waiting;
    waiting.push(due(1, 7));
    CHECK(waiting.shed(7, 0) == 1);
    CHECK(waiting.size() == 0);
    CHECK(waiting.push(due(2, 7)));
    CHECK(waiting.pop(7).id == 2);
}

TEST_CASE("what waits of a user is forgotten at every origin, what is under way is not")
{
    queue waiting;
    waiting.push(due(1, 7, "alice"));
    waiting.pop(7);
    waiting.push(due(2, 7, "alice"));
    waiting.push(due(3, 7, "bob"));
    waiting.push(due(4, 8, "alice"));
    auto dropped = forgotten(waiting, "alice");
    std::sort(dropped.begin(), dropped.end());
    CHECK(dropped == std::vector<origin_id>{7, 8});
    CHECK(waiting.size() == 1);
    CHECK_FALSE(waiting.push(due(1, 7, "alice")));
    CHECK(waiting.push(due(2, 7, "alice")));
    CHECK(forgotten(waiting, "carol").empty());
    CHECK(waiting.pop(7).id == 3);
    CHECK(waiting.pop(7).id == 2);
}

TEST_CASE("a cleared queue takes again what waited, and not what is under way")
{
    queue waiting;
    waiting.push(due(1, 7));
    waiting.push(due(2, 7));
    waiting.pop(7);
    waiting.clear();
    CHECK(waiting.size() == 0);
    CHECK(forgotten(waiting, "alice").empty());
    CHECK_FALSE(waiting.push(due(1, 7)));
    CHECK(waiting.push(due(2, 7)));
}
