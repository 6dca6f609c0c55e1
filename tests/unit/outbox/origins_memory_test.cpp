#include "tests/catch.hpp"
#include "tests/unit/outbox/origins_fixture.hpp"

using namespace std::chrono_literals;
using test::driven_origins;

TEST_CASE("memory takes what was just made unless something older is stored, or it is full")
{
    driven_origins w{512};
    w.prove_all(4);
    CHECK(w.all.takes(1, w.now));
    w.all.note_stored(1, w.now + 1s, w.now);
    CHECK(w.all.takes(1, w.now));
    w.all.note_stored(1, w.now, w.now);
    CHECK_FALSE(w.all.takes(1, w.now));
    w.queue(2, outbox::queue_max - 1);
    CHECK(w.all.takes(3, w.now));
    w.queue(3, 1);
    CHECK_FALSE(w.all.takes(4, w.now));
    w.begin();
    CHECK(w.all.takes(4, w.now));
}

TEST_CASE("no origin gets more of the memory than is left for the others")
{
    driven_origins w{512};
    w.prove_all(3);
    w.queue(1, outbox::queue_max / 2 - 1);
    CHECK(w.all.takes(1, w.now));
    w.queue(1, 1);
    CHECK_FALSE(w.all.takes(1, w.now));
    CHECK(w.all.takes(2, w.now));
    w.queue(2, outbox::queue_max / 4);
    CHECK_FALSE(w.all.takes(2, w.now));
    CHECK(w.all.takes(3, w.now));
}
