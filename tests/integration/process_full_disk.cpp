// A disk that is full, or nearly so: a small one of the tests' own, which scripts/test-full-disk mounts.
#include "tests/catch.hpp"
#include "tests/integration/support/api.hpp"
#include "tests/integration/support/chaos_proxy.hpp"
#include "tests/integration/support/environment.hpp"
#include "tests/integration/support/eventually.hpp"
#include "tests/integration/support/pair.hpp"
#include "tests/integration/support/promises.hpp"

#include <algorithm>
#include <fstream>
#include <thread>

using namespace integration;

namespace {

constexpr std::uintmax_t mib = 1'048'576;
constexpr unsigned workers = 2;
constexpr std::chrono::milliseconds between_writes{
    1};                                     // of one worker, so that the disk is not full of its own
constexpr std::chrono::seconds full_for{3}; // several retries, and tries to record an outcome
// Of one delivery: in that time, at the retry plan's pace, and as many again before and after.
constexpr std::size_t posts_max = 20;

std::filesystem::path small_disk()
{
    const auto folder = variable("INTEGRATION_SMALL_DISK");
    if (!folder)
        FAIL("INTEGRATION_SMALL_DISK names no small disk: run scripts/test-full-disk");
    return *folder;
}

settings on_small_disk(which side, settings more)
{
    const std::string name = side == which::sender ? "sender" : "receiver";
    const auto prefix = side == which::sender ? "SENDER_" : "RECEIVER_";
    more[std::string(prefix) + "DATABASE"] = "sqlite:" + (small_disk() / (name + ".db")).string();
    return more;
}

// A file that takes what is free of the small disk, or all but so much. Empties the disk when it goes.
class filler
{
public:
    ~filler()
    {
        for (const auto& each : std::filesystem::directory_iterator(small_disk()))
            std::filesystem::remove(each.path());
    }
    filler() = default;
    filler(const filler&) = delete;
    filler& operator=(const filler&) = delete;

    void fill_up_to(std::uintmax_t bytes_left)
    {
        std::ofstream file(path_, std::ios::binary);
        const std::string block(4'096, 'x');
        while (std::filesystem::space(path_).available > bytes_left &&
               file.write(block.data(), 4'096).flush())
            ;
    }
    void make_room() { std::filesystem::remove(path_); }

private:
    std::filesystem::path path_ = small_disk() / "filler";
};

// A refusal of new work, as whoever asked for it is to see it.
bool is_refusal(const reply& answer)
{
    return is_problem(answer, 503) && !answer.value("retry-after").empty();
}

reply try_to_start(const origin& sender, const std::string& user)
{
    return ask(sender, "POST", "/ticketmaster/start/" + user);
}

reply try_to_post(const origin& receiver, const sample_event& event)
{
    return ask_raw(receiver, webhook_request(receiver, event, test_secret)).value();
}

// How often each delivery was posted, by its idempotency key.
std::map<std::string, std::size_t> posts_seen(const traffic& seen)
{
    constexpr std::string_view name = "webhook-id: ";
    std::map<std::string, std::size_t> posts;
    for (const auto& text : seen.requests) {
        for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + 1)) {
            const auto begin = at + name.size();
            ++posts[text.substr(begin, text.find('\r', begin) - begin)];
        }
    }
    return posts;
}

// How many attempts of each delivery the sender has recorded, by its idempotency key.
std::map<std::string, std::size_t> attempts_recorded(const origin& sender)
{
    std::map<std::string, std::size_t> attempts;
    const std::string first_page = "/ticketmaster/deliveries?limit=500";
    for (auto query = first_page;;) {
        const auto page = object_of(get(sender, query));
        for (const auto& each : page.at("items").as_array())
            attempts["evt_" + text_of(each, "sessionId") + "_active"] =
                each.at("attempts").to_number<std::size_t>();
        if (page.at("next").is_null())
            return attempts;
        query = first_page + "&after=" + text_of(page, "next");
    }
}

// Both services on the small disk, and between them ports that count what goes over the wire.
struct full_disk_world
{
    filler disk;
    service_pair pair{on_small_disk(which::sender, {{"SENDER_WAITING_AFTER_MS", "50"},
                                                    {"SENDER_READY_AFTER_MS", "100"},
                                                    {"SENDER_MIN_FREE_MB", "0"}}),
                      on_small_disk(which::receiver, {{"RECEIVER_MIN_FREE_MB", "0"}})};
    chaos_proxy proxy{pair.receiver().address()};
    std::uint16_t port = proxy.open([](std::size_t) { return treatment{}; });
    std::uint16_t late_port = proxy.open([](std::size_t) {
        treatment late;
        late.delay = std::chrono::seconds(1);
        return late;
    });
    promises kept;

    static std::string callback(std::uint16_t port)
    {
        return "http://127.0.0.1:" + std::to_string(port) + std::string(webhook_path);
    }

    // Brings a POST onto the wire, where it stays for a while.
    void post_late()
    {
        const auto user = unique("late");
        sender_api::register_user(pair.sender().address(), user, callback(late_port));
        kept.registered.insert(user);
        kept.sessions[user] = sender_api::start(pair.sender().address(), user);
        CHECK(eventually([&] { return !posts_seen(proxy.seen(late_port)).empty(); }));
    }

    // The deliveries that were not posted exactly as often as attempts of them are recorded, or far too
    // often.
    std::vector<std::string> posted_too_often()
    {
        auto posts = posts_seen(proxy.seen(port));
        posts.merge(posts_seen(proxy.seen(late_port)));
        const auto recorded = attempts_recorded(pair.sender().address());
        CHECK(posts.size() == recorded.size());
        std::vector<std::string> wrong;
        for (const auto& [key, count] : recorded) {
            if (posts[key] != count || count > posts_max)
                wrong.push_back(key + " was posted " + std::to_string(posts[key]) + " times, recorded " +
                                std::to_string(count) + " times");
        }
        return wrong;
    }
};

// While both services are written to: fills their disk, leaves it full for a while, and makes room again.
void fill_under_load(full_disk_world& world, const std::function<std::size_t()>& acknowledged)
{
    const auto sender = world.pair.sender().address();
    const auto receiver = world.pair.receiver().address();
    CHECK(eventually([&] { return acknowledged() >= 500; }));
    world.post_late();
    world.disk.fill_up_to(0);
    CHECK(eventually([&] { return is_refusal(try_to_start(sender, "new")); }));
    CHECK(eventually([&] { return is_refusal(try_to_post(receiver, make_event("new"))); }));
    std::this_thread::sleep_for(full_for);
    CHECK(get(sender, "/livez").status == 200);
    CHECK(get(receiver, "/livez").status == 200);
    CHECK(find_log_line(world.pair.sender().process().errors(), "outcomes_held"));
    const auto before = acknowledged();
    world.disk.make_room();
    CHECK(eventually([&] { return acknowledged() >= before + 200; }));
}

void load_while_full(full_disk_world& world)
{
    const auto sender = world.pair.sender().address();
    const auto receiver = world.pair.receiver().address();
    const auto users = unique("u");
    event_supply supply(receiver, 20'000);
    load sender_load(sender, workers, [&](unsigned worker, unsigned number) {
        std::this_thread::sleep_for(between_writes);
        return sender_write(sender, full_disk_world::callback(world.port), users, worker, number);
    });
    load receiver_load(receiver, workers, [&](unsigned, unsigned) {
        std::this_thread::sleep_for(between_writes);
        return supply.next();
    });
    fill_under_load(world, [&] {
        return std::min(sender_load.acknowledged_so_far(), receiver_load.acknowledged_so_far());
    });
    const auto sender_writes = sender_load.stop();
    const auto receiver_writes = receiver_load.stop();
    for (const auto* writes : {&sender_writes, &receiver_writes}) {
        CHECK(!writes->refused.empty());
        for (const auto& each : writes->refused)
            CHECK(is_refusal(each.answer));
        CHECK(writes->unacknowledged.empty());
    }
    auto& kept = world.kept;
    kept.keep_sender_writes(sender_writes);
    kept.keep_receiver_writes(receiver_writes, supply);
    // A start is taken without a registration, and then sends nothing.
    std::erase_if(kept.sessions, [&](const auto& each) { return !kept.registered.contains(each.first); });
}

} // namespace

TEST_CASE("a disk that fills up under load costs no event, and no POST whose outcome is not recorded",
          "[.full-disk]")
{
    full_disk_world world;
    load_while_full(world);
    const auto& kept = world.kept;
    CHECK(kept.faults.empty());
    REQUIRE(kept.sessions.size() > 100);
    REQUIRE(kept.events.size() > 100);
    const auto broken_events = broken_event_promises(world.pair.receiver().address(), kept);
    const auto broken_sessions = broken_session_promises(world.pair.receiver().address(), kept);
    CAPTURE(broken_events, broken_sessions);
    CHECK(broken_events.empty());
    CHECK(broken_sessions.empty());
    for (const auto& [user, session] : kept.sessions)
        sender_api::delivery_when(world.pair.sender().address(), user, session, "delivered");
    const auto wrong = world.posted_too_often();
    CAPTURE(wrong);
    CHECK(wrong.empty());
}

TEST_CASE("a sender with little free disk refuses new work, and delivers what it promised", "[.full-disk]")
{
    constexpr std::size_t users = 50;
    filler disk;
    service_pair pair(on_small_disk(which::sender, {{"SENDER_WAITING_AFTER_MS", "1000"},
                                                    {"SENDER_READY_AFTER_MS", "2000"},
                                                    {"SENDER_MIN_FREE_MB", "12"}}));
    const auto sender = pair.sender().address();
    std::map<std::string, std::string> sessions;
    for (std::size_t made = 0; made < users; ++made) {
        const auto user = unique("promised");
        sender_api::register_user(sender, user, pair.callback_url());
        sessions[user] = sender_api::start(sender, user);
    }
    disk.fill_up_to(8 * mib);
    CHECK(eventually([&] { return is_refusal(try_to_start(sender, "new")); }));
    for (const auto& [user, session] : sessions) {
        const auto delivered = sender_api::delivery_when(sender, user, session, "delivered");
        CHECK(delivered.at("attempts") == 1);
    }
    CHECK(is_refusal(try_to_start(sender, "new")));
    CHECK(is_refusal(post_json(sender, "/ticketmaster/register/new",
                               R"({"callbackUrl":")" + pair.callback_url() + R"("})")));
    CHECK(pair.sender().log_line("disk_low").at("level") == "warn");
    disk.make_room();
    CHECK(eventually([&] { return try_to_start(sender, "new").status == 200; }));
}

TEST_CASE("a receiver with little free disk refuses events, which come once it has room", "[.full-disk]")
{
    filler disk;
    service_pair pair({}, on_small_disk(which::receiver, {{"RECEIVER_MIN_FREE_MB", "12"}}));
    const auto sender = pair.sender().address();
    const auto receiver = pair.receiver().address();
    disk.fill_up_to(8 * mib);
    const auto direct = make_event("direct");
    CHECK(eventually([&] { return is_refusal(try_to_post(receiver, direct)); }));
    CHECK(receiver_api::inbox(receiver, "direct").empty());
    sender_api::register_user(sender, "alice", pair.callback_url());
    const auto session = sender_api::start(sender, "alice");
    CHECK(eventually([&] {
        const auto pending = sender_api::delivery_of(sender, "alice", session);
        return pending && pending->at("attempts").to_number<int>() >= 1;
    }));
    disk.make_room();
    const auto delivered = sender_api::delivery_when(sender, "alice", session, "delivered");
    CHECK(delivered.at("attempts").to_number<int>() >= 2);
    CHECK(receiver_api::inbox(receiver, "alice").size() == 1);
    CHECK(try_to_post(receiver, direct).status == 200);
}
