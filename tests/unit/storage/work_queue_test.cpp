#include "common/storage/work_queue.hpp"
#include "tests/catch.hpp"

#include <chrono>
#include <thread>

namespace {

using std::chrono::steady_clock;
using storage::admission;
using storage::work_queue;

constexpr std::size_t most = 256;

class no_operation final : public storage::operation
{
public:
    void run(storage::connection&) override {}
    void complete(std::exception_ptr) override {}
};

void push(work_queue& queue, admission how)
{
    std::unique_ptr<storage::operation> one = std::make_unique<no_operation>();
    REQUIRE(queue.push(one, how) == work_queue::pushed::taken);
}

} // namespace

TEST_CASE("a patient operation waits its time for company, and no longer than that by itself")
{
    work_queue queue{10};
    const auto began = steady_clock::now();
    push(queue, admission::patient);
    push(queue, admission::patient);
    CHECK(queue.wait_and_take(most).size() == 2);
    CHECK(steady_clock::now() - began >= storage::patience_max);
}

TEST_CASE("what somebody waits for takes along the patient ones, in the order of their calls")
{
    work_queue queue{10};
    push(queue, admission::patient);
    push(queue, admission::bounded);
    push(queue, admission::patient);
    CHECK(queue.wait_and_take(2).size() == 2);
    CHECK(queue.take(most).size() == 1);
    CHECK(queue.take(most).empty());
}

TEST_CASE("what comes while a patient operation waits ends the wait")
{
    work_queue queue{10};
    push(queue, admission::patient);
    std::thread other([&] { push(queue, admission::always); });
    std::size_t taken = 0;
    while (taken < 2)
        taken += queue.wait_and_take(most).size();
    other.join();
    CHECK(taken == 2);
}

TEST_CASE("a queue that is closed gives what is left without a wait, and then nothing")
{
    work_queue queue{10};
    push(queue, admission::patient);
    queue.close();
    CHECK(queue.wait_and_take(most).size() == 1);
    CHECK(queue.wait_and_take(most).empty());
}

TEST_CASE("patient operations are admitted past the queue's length")
{
    work_queue queue{1};
    push(queue, admission::bounded);
    push(queue, admission::patient);
    std::unique_ptr<storage::operation> more = std::make_unique<no_operation>();
    CHECK(queue.push(more, admission::bounded) == work_queue::pushed::full);
    CHECK(more != nullptr);
}
