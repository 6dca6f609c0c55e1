#pragma once

#include "tests/integration/support/http_client.hpp"

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace integration {

// One write of a load, and what it is called in the ledger.
struct load_request
{
    std::string name;
    std::string bytes;
};

struct load_answer
{
    std::string name;
    reply answer;
};

// What became of the writes of a load.
struct ledger
{
    std::vector<load_answer> acknowledged;   // answered 2xx
    std::vector<load_answer> refused;        // answered anything else
    std::vector<std::string> unacknowledged; // sent, and the connection ended without an answer
    std::vector<std::string> faults;         // what a client of HTTP/1.1 must never see
};

// Writes to a service from several connections at once, one request after another on each, until stop(), the
// end of its connection or a `Connection: close`.
class load
{
public:
    // `next` makes the n-th request of a worker; it is called on the workers' threads.
    using maker = std::function<load_request(unsigned worker, unsigned number)>;

    load(origin target, unsigned workers, maker next);
    ~load();

    load(const load&) = delete;
    load& operator=(const load&) = delete;

    std::size_t acknowledged_so_far() const { return acknowledged_; }

    // Lets every worker finish its request, and answers with what became of all.
    ledger stop();

private:
    void work(unsigned worker);
    void keep(load_request request, std::optional<reply> answer);

    origin target_;
    maker next_;
    std::atomic<bool> stopping_{false};
    std::atomic<std::size_t> acknowledged_{0};
    std::mutex mutex_;
    ledger ledger_;
    std::vector<std::thread> threads_;
};

} // namespace integration
