#include "common/http/resolver.hpp"
#include "tests/catch.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

using namespace std::chrono_literals;

namespace {

constexpr auto patience = 20s; // of a test that waits for what must come

// A name server that answers every name at once but those that hang, which it answers when it is told to. It
// also counts the threads that have asked it and still live.
struct name_server
{
    std::mutex mutex;
    std::condition_variable changed;
    bool answers_all = false;
    unsigned hanging = 0;
    unsigned threads = 0;

    bool await(const std::function<bool()>& true_of_it)
    {
        std::unique_lock lock(mutex);
        return changed.wait_for(lock, patience, true_of_it);
    }
    void count(unsigned& what, int by)
    {
        const std::lock_guard lock(mutex);
        what += static_cast<unsigned>(by);
        changed.notify_all();
    }
    void answer_all(bool from_now_on = true)
    {
        const std::lock_guard lock(mutex);
        answers_all = from_now_on;
        changed.notify_all();
    }
    void hang()
    {
        std::unique_lock lock(mutex);
        ++hanging;
        changed.notify_all();
        changed.wait(lock, [this] { return answers_all; });
        --hanging;
    }
};

// Lives as long as the thread that asked.
struct counted_thread
{
    std::shared_ptr<name_server> server;

    explicit counted_thread(std::shared_ptr<name_server> asked) : server(std::move(asked))
    {
        server->count(server->threads, 1);
    }
    ~counted_thread() { server->count(server->threads, -1); }
    counted_thread(const counted_thread&) = delete;
    counted_thread& operator=(const counted_thread&) = delete;
};

// A resolver in front of that server, and the loop that its answers come to.
struct world
{
    std::shared_ptr<name_server> server = std::make_shared<name_server>();
    boost::asio::io_context loop{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> open{loop.get_executor()};
    std::unique_ptr<http::resolver> names;
    std::map<std::string, http::lookup_answer> answers;
    std::map<std::string, std::shared_ptr<http::resolver::waiter>> waiters;

    explicit world(std::size_t threads_kept, std::size_t threads_max, std::size_t queue_max = 1'024)
    {
        http::resolver_options options;
        options.threads_kept = threads_kept;
        options.threads_max = threads_max;
        options.queue_max = queue_max;
        options.look_up = [asked = server](const std::string& name) {
            thread_local const counted_thread counted(asked);
            if (name.starts_with("hangs"))
                asked->hang();
            return http::lookup_answer{{boost::asio::ip::make_address("192.0.2.1")}, {}};
        };
        names = std::make_unique<http::resolver>(std::move(options));
    }
    ~world() { server->answer_all(); } // the threads that hang end
    world(const world&) = delete;
    world& operator=(const world&) = delete;

    void ask(const std::string& name)
    {
        waiters[name] = names->look_up(name, loop.get_executor(), [this, name](http::lookup_answer answer) {
            answers[name] = std::move(answer);
        });
    }
    void hang(unsigned count)
    {
        for (unsigned i = 0; i < count; ++i)
            ask("hangs" + std::to_string(i) + ".test");
    }
    bool answered(const std::string& name)
    {
        while (!answers.contains(name) && loop.run_one_for(patience) > 0)
            ;
        return answers.contains(name) && !answers.at(name).addresses.empty();
    }
};

} // namespace

TEST_CASE("names that hang delay no other name, up to one less than there may be threads")
{
    world test(4, 64);
    test.hang(63);
    REQUIRE(test.server->await([&] { return test.server->hanging == 63; }));
    test.ask("lives.test");
    CHECK(test.answered("lives.test"));
    test.ask("lives-too.test");
    CHECK(test.answered("lives-too.test"));
    CHECK(test.answers.size() == 2);
}

TEST_CASE("no more threads are started than the limit; who finds none waits for one, and is answered then")
{
    world test(1, 3);
    test.hang(3);
    REQUIRE(test.server->await([&] { return test.server->hanging == 3; }));
    test.ask("waits.test");
    test.ask("waits-too.test");
    CHECK(test.server->await([&] { return test.server->threads == 3; }));
    test.server->answer_all();
    CHECK(test.answered("waits.test"));
    CHECK(test.answered("waits-too.test"));
    CHECK(test.answered("hangs0.test"));
}

TEST_CASE("once the names that hung are answered, the threads beyond those kept end")
{
    world test(2, 16);
    test.hang(16);
    REQUIRE(test.server->await([&] { return test.server->hanging == 16; }));
    test.server->answer_all();
    CHECK(test.server->await([&] { return test.server->threads == 2; }));
    test.ask("lives.test");
    CHECK(test.answered("lives.test"));
}

TEST_CASE(
    "names that hung longer than those who asked waited hold half of the threads, until they answer in time")
{
    world test(0, 6);
    test.hang(6);
    REQUIRE(test.server->await([&] { return test.server->hanging == 6; }));
    test.waiters.clear();
    test.hang(6); // as retries do, which come in time for the answer
    test.server->answer_all();
    REQUIRE(test.server->await([&] { return test.server->threads == 0; }));
    test.server->answer_all(false);
    test.hang(6);
    REQUIRE(test.server->await([&] { return test.server->hanging == 3; }));
    test.ask("lives.test");
    CHECK(test.answered("lives.test"));
    test.ask("lives-too.test");
    CHECK(test.answered("lives-too.test"));
    CHECK(test.server->await([&] { return test.server->hanging == 3; }));

    test.answers.clear(); // of the first time
    test.server->answer_all();
    for (unsigned i = 0; i < 6; ++i)
        CHECK(test.answered("hangs" + std::to_string(i) + ".test"));
    test.server->answer_all(false);
    test.hang(6);
    CHECK(test.server->await([&] { return test.server->hanging == 6; }));
}

TEST_CASE("names that everybody has given up make room in the queue for those that somebody waits for")
{
    world test(1, 1, 2);
    test.hang(1);
    REQUIRE(test.server->await([&] { return test.server->hanging == 1; }));
    test.ask("given-up.test");
    test.ask("given-up-too.test");
    test.waiters.erase("given-up.test");
    test.waiters.erase("given-up-too.test");
    test.ask("lives.test");
    test.ask("lives-too.test");
    test.ask("one-too-many.test");
    CHECK_FALSE(test.answered("one-too-many.test"));
    test.server->answer_all();
    CHECK(test.answered("lives.test"));
    CHECK(test.answered("lives-too.test"));
    CHECK_FALSE(test.answers.contains("given-up.test"));
}

TEST_CASE("a resolver ends while names hang and while its threads end, and calls nobody back any more")
{
    const auto hang_on = GENERATE(true, false);
    CAPTURE(hang_on);
    world test(1, 16);
    test.hang(16);
    REQUIRE(test.server->await([&] { return test.server->hanging == 16; }));
    if (!hang_on)
        test.server->answer_all();
    test.names.reset();
    test.loop.poll();
    const auto answered_before = test.answers.size();
    test.server->answer_all();
    CHECK(test.server->await([&] { return test.server->threads == 0; }));
    test.open.reset();
    test.loop.run();
    CHECK(test.answers.size() == answered_before);
}
