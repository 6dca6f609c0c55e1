#include "common/http/resolver.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <exception>
#include <map>
#include <mutex>
#include <netdb.h>
#include <set>
#include <system_error>
#include <thread>

namespace http {

namespace asio = boost::asio;

using steady = std::chrono::steady_clock;

struct resolver::waiter
{
    asio::any_io_executor loop;
    callback done;
};

// What the resolver and its threads share. It outlives the resolver while a look-up hangs.
struct resolver::shared
{
    struct remembered
    {
        lookup_answer answer;
        steady::time_point until;
    };

    explicit shared(resolver_options settings) : options(std::move(settings)) {}

    void work();
    bool given_up(const std::string& name) const;
    void forget_given_up();
    std::deque<std::string>::iterator next();
    void note_speed(const std::string& name, bool too_slow);
    void remember(const std::string& name, const lookup_answer& answer);
    bool start_thread(const std::shared_ptr<shared>& self);

    const resolver_options options;
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<std::string> queue;
    std::map<std::string, std::vector<std::weak_ptr<waiter>>> wanted; // queued, or being looked up
    std::map<std::string, remembered> answers;
    std::set<std::string>
        slow; // names that who asked first had given up when they were answered the last time
    std::size_t slow_under_way = 0;
    std::size_t threads = 0;
    std::size_t threads_idle = 0;
    bool stopped = false;
};

namespace {

// Posts the answer to one that still waits. Called with the mutex held, so that a resolver that has been
// destroyed is known to post nothing more.
void deliver(const std::weak_ptr<resolver::waiter>& waiting, const lookup_answer& answer)
{
    const auto waiter = waiting.lock();
    if (!waiter)
        return;
    asio::post(waiter->loop, [waiting, answer] {
        if (const auto still = waiting.lock())
            still->done(answer);
    });
}

lookup_answer look_up_without_throwing(const lookup_function& look_up, const std::string& name)
{
    try {
        auto answer = look_up(name);
        if (answer.addresses.empty() && answer.error.empty())
            answer.error = "the name has no address";
        return answer;
    }
    catch (const std::exception& failure) {
        return {{}, failure.what()};
    }
}

} // namespace

lookup_answer look_up_by_system(const std::string& name)
{
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* list = nullptr;
    lookup_answer answer;
    if (const int error = ::getaddrinfo(name.c_str(), nullptr, &hints, &list); error != 0) {
        answer.error = ::gai_strerror(error);
        return answer;
    }
    for (const auto* entry = list; entry != nullptr; entry = entry->ai_next) {
        asio::ip::tcp::endpoint endpoint;
        if (entry->ai_addrlen > endpoint.capacity())
            continue;
        endpoint.resize(entry->ai_addrlen);
        std::copy_n(reinterpret_cast<const std::byte*>(entry->ai_addr), entry->ai_addrlen,
                    reinterpret_cast<std::byte*>(endpoint.data()));
        answer.addresses.push_back(endpoint.address());
    }
    ::freeaddrinfo(list);
    return answer;
}

// Does nobody wait for a name any more?
bool resolver::shared::given_up(const std::string& name) const
{
    const auto found = wanted.find(name);
    return std::all_of(found->second.begin(), found->second.end(),
                       [](const std::weak_ptr<waiter>& one) { return one.expired(); });
}

// Makes room in the queue: those who wait behind a name server that hangs give up in the end.
void resolver::shared::forget_given_up()
{
    std::erase_if(queue, [&](const std::string& name) { return given_up(name) && wanted.erase(name) == 1; });
}

// The name to look up next. Those that are known to be slow wait where they could take all threads: a name
// server that hangs keeps its names slow, and they are asked for again and again.
std::deque<std::string>::iterator resolver::shared::next()
{
    const bool slow_too = 2 * slow_under_way < options.threads_max;
    return std::find_if(queue.begin(), queue.end(),
                        [&](const std::string& name) { return slow_too || !slow.contains(name); });
}

void resolver::shared::note_speed(const std::string& name, bool too_slow)
{
    if (!too_slow) {
        slow.erase(name);
        return;
    }
    if (slow.size() >= options.names_kept_max)
        slow.clear();
    slow.insert(name);
}

// What one thread does: it takes names from the queue until the resolver is gone, or there is no work for it.
void resolver::shared::work()
{
    std::unique_lock lock(mutex);
    for (;;) {
        if (next() == queue.end() && threads > options.threads_kept) {
            --threads;
            return;
        }
        ++threads_idle;
        changed.wait(lock, [&] { return stopped || next() != queue.end(); });
        --threads_idle;
        if (stopped)
            return;
        const auto taken = next();
        const auto name = std::move(*taken);
        queue.erase(taken);
        if (given_up(name)) {
            wanted.erase(name);
            continue;
        }
        const std::size_t counted = slow.contains(name) ? 1 : 0;
        slow_under_way += counted;
        lock.unlock();
        const auto answer = look_up_without_throwing(options.look_up, name);
        lock.lock();
        if (stopped)
            return;
        slow_under_way -= counted;
        note_speed(name, wanted.at(name).front().expired());
        if (!answer.addresses.empty())
            remember(name, answer);
        const auto waiting = wanted.extract(name);
        for (const auto& one : waiting.mapped())
            deliver(one, answer);
    }
}

void resolver::shared::remember(const std::string& name, const lookup_answer& answer)
{
    const auto now = steady::now();
    if (answers.size() >= options.names_kept_max)
        std::erase_if(answers, [&](const auto& entry) { return entry.second.until <= now; });
    if (answers.size() >= options.names_kept_max)
        answers.clear();
    answers.insert_or_assign(name, remembered{answer, now + options.kept});
}

// Starts one more thread where the idle ones do not suffice; false when not even one runs.
bool resolver::shared::start_thread(const std::shared_ptr<shared>& self)
{
    if (queue.size() < threads_idle || threads >= options.threads_max)
        return true;
    try {
        std::thread([self] { self->work(); }).detach();
        ++threads;
    }
    catch (const std::system_error&) { // no thread to be had: those that run will come to it
    }
    return threads > 0;
}

resolver::resolver(resolver_options options) : shared_(std::make_shared<shared>(std::move(options))) {}

resolver::~resolver()
{
    const std::lock_guard lock(shared_->mutex);
    shared_->stopped = true;
    shared_->wanted.clear();
    shared_->changed.notify_all();
}

std::optional<lookup_answer> resolver::known(const std::string& name) const
{
    const std::lock_guard lock(shared_->mutex);
    const auto found = shared_->answers.find(name);
    if (found == shared_->answers.end() || found->second.until <= steady::now())
        return std::nullopt;
    return found->second.answer;
}

std::shared_ptr<resolver::waiter> resolver::look_up(const std::string& name, asio::any_io_executor loop,
                                                    callback done)
{
    auto waiting = std::make_shared<waiter>(waiter{std::move(loop), std::move(done)});
    const std::lock_guard lock(shared_->mutex);
    if (const auto same = shared_->wanted.find(name); same != shared_->wanted.end()) {
        same->second.push_back(waiting);
        return waiting;
    }
    if (shared_->queue.size() >= shared_->options.queue_max)
        shared_->forget_given_up();
    if (shared_->queue.size() >= shared_->options.queue_max) {
        deliver(waiting, {{}, "too many names are waiting to be looked up"});
        return waiting;
    }
    if (!shared_->start_thread(shared_)) {
        deliver(waiting, {{}, "no thread can be started to look the name up"});
        return waiting;
    }
    shared_->wanted[name].push_back(waiting);
    shared_->queue.push_back(name);
    shared_->changed.notify_one();
    return waiting;
}

} // namespace http
