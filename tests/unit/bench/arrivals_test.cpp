#include "bench/arrivals.hpp"
#include "bench/message_size.hpp"
#include "bench/requests.hpp"
#include "tests/catch.hpp"

#include <stdexcept>

namespace {

constexpr std::int64_t ms = 1'000'000;

// Three users, started 1 ms apart, READY 10 ms later and in the inbox 2 ms after that.
struct flawless
{
    flawless()
    {
        figures.who.users = 3;
        for (std::int64_t i = 0; i < 3; ++i) {
            const auto key = "key-" + std::to_string(i);
            figures.requests.due_ns.push_back(i * ms);
            ready[key] = {bench::user_id(static_cast<std::size_t>(i)), (i + 10) * ms};
            events.push_back({key, (i + 12) * ms, 0});
        }
    }

    void judge() { bench::judge_arrivals(events, ready, figures); }

    bench::run_figures figures;
    bench::ready_sessions ready;
    std::vector<bench::arrival> events;
};

} // namespace

TEST_CASE("events that are there once each give the times of the run")
{
    flawless run;
    run.judge();
    CHECK(run.figures.ready_to_inbox.count() == 3);
    CHECK(run.figures.ready_to_inbox.percentile_ms(1) == 2);
    CHECK(run.figures.start_to_inbox.percentile_ms(0) == 12);
    CHECK(run.figures.seconds == 0.014);
    CHECK(run.figures.posted_again == 0);
}

TEST_CASE("an event that is lost, doubled or nobody's fails the run")
{
    flawless run;
    SECTION("lost")
    {
        run.events.pop_back();
    }
    SECTION("doubled")
    {
        run.events.push_back(run.events.front());
    }
    SECTION("doubled in place of another")
    {
        run.events.back() = run.events.front();
    }
    SECTION("of a user who had one, under another key")
    {
        run.ready["key-3"] = run.ready["key-0"];
        run.events.push_back({"key-3", 20 * ms, 0});
    }
    SECTION("of no session that was READY")
    {
        run.events.back().idempotency_key = "key-of-nobody";
    }
    SECTION("of a user whom nobody started")
    {
        run.ready["key-2"].user_id = "user-of-nobody";
    }
    CHECK_THROWS_AS(run.judge(), std::runtime_error);
}

TEST_CASE("the events of users whose callback fails are not missed, and are not there")
{
    flawless run;
    run.figures.who.failing = 1; // the last
    CHECK_THROWS_AS(run.judge(), std::runtime_error);
    run.figures = {};
    run.figures.who = {3, 1};
    run.figures.requests.due_ns = {0, ms, 2 * ms};
    run.events.pop_back();
    run.judge();
    CHECK(run.figures.ready_to_inbox.count() == 2);
}

TEST_CASE("posts that the receiver had already are counted")
{
    flawless run;
    run.events[0].posted_again = 1;
    run.events[2].posted_again = 3;
    run.judge();
    CHECK(run.figures.posted_again == 4);
}

TEST_CASE("the receiver alone has to hold the keys that were posted, not only as many")
{
    const auto posts = bench::signed_posts(3, 8'081);
    std::vector<bench::arrival> events;
    events.reserve(posts.size());
    for (const auto& post : posts)
        events.push_back({std::string(bench::webhook_id(post)), 0, 0});
    REQUIRE_FALSE(events.front().idempotency_key.empty());
    bench::judge_posts(posts, events);

    SECTION("one is not stored")
    {
        events.pop_back();
    }
    SECTION("one is stored twice, in place of another")
    {
        events.back() = events.front();
    }
    SECTION("one was never posted")
    {
        events.push_back({"key-of-nobody", 0, 0});
    }
    CHECK_THROWS_AS(bench::judge_posts(posts, events), std::runtime_error);
}
