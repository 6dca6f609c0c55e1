// A network that refuses, stalls, cuts, slices, delays and resets between the two services: each event
// arrives once.
#include "tests/catch.hpp"
#include "tests/integration/support/api.hpp"
#include "tests/integration/support/chaos_proxy.hpp"
#include "tests/integration/support/eventually.hpp"
#include "tests/integration/support/pair.hpp"

using namespace integration;

namespace {

constexpr std::size_t side_by_side = 200; // users whose events are on their way at the same time

const settings hasty_sender{{"SENDER_WAITING_AFTER_MS", "0"},
                            {"SENDER_READY_AFTER_MS", "1"},
                            {"SENDER_RETRY_BASE_MS", "20"},
                            {"SENDER_RETRY_MAX_MS", "200"}};

// One user, whose events go through a port of their own, so that no other's connection is used for them.
struct visitor
{
    std::string user;
    std::uint16_t port = 0;
    std::string session;
};

// What became of one event.
struct arrival
{
    std::string session;
    int attempts = 0;
    std::size_t connections = 0;
    std::size_t in_inbox = 0;
    int duplicates = 0;
};

// Both services, and what stands between them.
class chaos_world
{
public:
    explicit chaos_world(const settings& sender_changes = hasty_sender) : pair(sender_changes) {}

    visitor open(chaos_proxy::plan plan)
    {
        const auto digits =
            std::to_string(10'000 + visitors_++); // all of one length, so that requests are too
        visitor made{"visitor-" + digits, proxy.open(std::move(plan)), {}};
        sender_api::register_user(pair.sender().address(), made.user, callback(made.port));
        return made;
    }

    void start(visitor& who) { who.session = sender_api::start(pair.sender().address(), who.user); }

    // What became of the last session of `who`, once its event is delivered.
    arrival wait(const visitor& who)
    {
        const auto delivered =
            sender_api::delivery_when(pair.sender().address(), who.user, who.session, "delivered");
        arrival seen;
        seen.session = who.session;
        seen.attempts = delivered.at("attempts").to_number<int>();
        seen.connections = proxy.seen(who.port).connections;
        for (const auto& each : receiver_api::events(pair.receiver().address(), who.user)) {
            if (text_of(each, "sessionId") != who.session)
                continue;
            ++seen.in_inbox;
            seen.duplicates = each.at("duplicates").to_number<int>();
        }
        return seen;
    }

    // One event through each of the plans, many at a time, looked at by `check`.
    void send(const std::vector<chaos_proxy::plan>& plans,
              const std::function<void(const arrival&, std::size_t plan)>& check)
    {
        for (std::size_t first = 0; first < plans.size(); first += side_by_side) {
            const auto count = std::min(side_by_side, plans.size() - first);
            std::vector<visitor> visitors;
            for (std::size_t i = 0; i < count; ++i)
                visitors.push_back(open(plans[first + i]));
            for (auto& each : visitors)
                start(each);
            for (std::size_t i = 0; i < count; ++i)
                check(wait(visitors[i]), first + i);
        }
    }

    std::string callback(std::uint16_t port) const
    {
        return "http://127.0.0.1:" + std::to_string(port) + std::string(webhook_path);
    }

    service_pair pair;
    chaos_proxy proxy{pair.receiver().address()};

private:
    std::size_t visitors_ = 0;
};

struct exchange_size
{
    std::size_t request = 0;
    std::size_t response = 0;
};

// How many bytes one exchange has, each way: the tenth one's, since a response names the event by its number,
// and the next 90 have the same length.
exchange_size measure(chaos_world& world)
{
    traffic seen;
    for (int made = 0; made < 10; ++made) {
        auto undisturbed = world.open([](std::size_t) { return treatment{}; });
        world.start(undisturbed);
        world.wait(undisturbed);
        seen = world.proxy.seen(undisturbed.port);
    }
    return {seen.requests.at(0).size(), seen.response_bytes};
}

// Treats the first connection, and leaves the others alone.
chaos_proxy::plan first_only(treatment of_first)
{
    return [of_first](std::size_t number) { return number == 1 ? of_first : treatment{}; };
}

treatment cut_request(std::size_t bytes, mishap end = mishap::close)
{
    treatment cut;
    cut.request_bytes = bytes;
    cut.end = end;
    return cut;
}

treatment cut_response(std::size_t bytes, mishap end = mishap::close)
{
    treatment cut;
    cut.response_bytes = bytes;
    cut.end = end;
    return cut;
}

} // namespace

TEST_CASE("an exchange cut at any byte of its request is made again, and its event arrives once", "[process]")
{
    chaos_world world;
    const auto size = measure(world);
    REQUIRE(size.request > 500);
    std::vector<chaos_proxy::plan> plans;
    for (std::size_t bytes = 0; bytes < size.request; ++bytes)
        plans.push_back(first_only(cut_request(bytes)));
    world.send(plans, [&](const arrival& seen, std::size_t bytes) {
        CAPTURE(bytes, seen.attempts, seen.in_inbox, seen.duplicates);
        CHECK(seen.in_inbox == 1);
        CHECK(seen.attempts == 2);
        CHECK(seen.connections == 2);
        CHECK(seen.duplicates == 0); // what was cut was not taken for an event
    });
}

TEST_CASE(
    "an exchange cut at any byte of its response is made again up to its head's end, and its event is there "
    "once",
    "[process]")
{
    chaos_world world;
    const auto size = measure(world);
    REQUIRE(size.response > 100);
    std::vector<chaos_proxy::plan> plans;
    for (std::size_t bytes = 0; bytes <= size.response; ++bytes)
        plans.push_back(first_only(cut_response(bytes)));
    std::size_t made_again = 0;
    world.send(plans, [&](const arrival& seen, std::size_t bytes) {
        CAPTURE(bytes, seen.attempts, seen.in_inbox, seen.duplicates);
        CHECK(seen.in_inbox == 1);
        CHECK((seen.attempts == 1 || seen.attempts == 2));
        CHECK(seen.duplicates == seen.attempts - 1);
        CHECK(seen.connections == static_cast<std::size_t>(seen.attempts));
        if (seen.attempts == 2)
            CHECK(bytes == made_again++); // all of the head, and nothing behind it
    });
    CHECK(made_again > 50);
    CHECK(made_again < size.response); // the head decides, however the body ends
}

TEST_CASE("connections that are reset or go silent in mid-exchange cost a retry, and no event", "[process]")
{
    constexpr std::size_t step = 29;
    const auto end = GENERATE(mishap::reset, mishap::stall);
    auto impatient = hasty_sender;
    impatient["SENDER_DELIVERY_TIMEOUT_MS"] = "2000";
    chaos_world world(impatient);
    const auto size = measure(world);
    std::vector<chaos_proxy::plan> plans;
    for (std::size_t bytes = 0; bytes < size.request; bytes += step)
        plans.push_back(first_only(cut_request(bytes, end)));
    for (std::size_t bytes = 0; bytes < size.response; bytes += step)
        plans.push_back(first_only(cut_response(bytes, end)));
    world.send(plans, [&](const arrival& seen, std::size_t plan) {
        CAPTURE(plan, seen.attempts, seen.in_inbox, seen.duplicates);
        CHECK(seen.in_inbox == 1);
        CHECK(seen.duplicates < seen.attempts);
    });
}

TEST_CASE("what comes in single bytes, or late, arrives at the first attempt", "[process]")
{
    chaos_world world;
    treatment sliced;
    sliced.slice_bytes = 1;
    treatment late;
    late.delay = std::chrono::milliseconds(150);
    const std::vector<chaos_proxy::plan> plans{first_only(sliced), first_only(late)};
    world.send(plans, [&](const arrival& seen, std::size_t plan) {
        CAPTURE(plan);
        CHECK(seen.in_inbox == 1);
        CHECK(seen.attempts == 1);
        CHECK(seen.duplicates == 0);
    });
}

TEST_CASE("a callback that refuses connections gets its event once it takes them", "[process]")
{
    chaos_world world;
    const auto port = world.proxy.bind([](std::size_t) { return treatment{}; });
    const auto sender = world.pair.sender().address();
    visitor one{"refused", port, {}};
    sender_api::register_user(sender, one.user, world.callback(port));
    world.start(one);
    REQUIRE(eventually([&] {
        const auto found = sender_api::delivery_of(sender, one.user, one.session);
        return found && found->at("attempts").to_number<int>() >= 2;
    }));
    world.proxy.listen(port);
    const auto seen = world.wait(one);
    CHECK(seen.in_inbox == 1);
    CHECK(seen.attempts >= 3);
    CHECK(seen.duplicates == 0);
}

TEST_CASE("a kept connection that dies costs an attempt only after a byte of the response", "[process]")
{
    constexpr std::size_t step = 61;
    chaos_world world;
    const auto size = measure(world);
    std::vector<visitor> visitors;
    std::vector<int> attempts; // of the second event, by visitor
    const auto add = [&](const treatment& second, int expected) {
        visitors.push_back(world.open(first_only(second)));
        attempts.push_back(expected);
    };
    for (std::size_t bytes = 0; bytes < size.request; bytes += step)
        add(cut_request(size.request + bytes), 1);
    const auto one_more_byte = GENERATE(mishap::close, mishap::reset);
    add(cut_response(size.response, one_more_byte), 1);
    add(cut_response(size.response + 1, one_more_byte), 2);
    for (auto& each : visitors)
        world.start(each);
    for (const auto& each : visitors)
        CHECK(world.wait(each).attempts == 1);
    for (auto& each : visitors)
        world.start(each);
    for (std::size_t i = 0; i < visitors.size(); ++i) {
        const auto seen = world.wait(visitors[i]);
        CAPTURE(i, seen.duplicates);
        CHECK(seen.attempts == attempts[i]);
        CHECK(seen.connections == 2);
        CHECK(seen.in_inbox == 1);
    }
}
