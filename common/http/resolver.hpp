#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/address.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace http {

struct lookup_answer
{
    std::vector<boost::asio::ip::address> addresses; // empty when the look-up failed
    std::string error;                               // for people, when it failed
};

// Looks a name up, and may take as long as it likes. Called on threads of the resolver's own, several at
// once.
using lookup_function = std::function<lookup_answer(const std::string& name)>;

// The system's resolver, getaddrinfo(3): hosts file, DNS, whatever the machine is set up for.
lookup_answer look_up_by_system(const std::string& name);

struct resolver_options
{
    lookup_function look_up = look_up_by_system;
    std::chrono::milliseconds kept{30'000}; // how long an answer with addresses is used again
    std::size_t threads_kept = 4;           // that wait for work; those beyond end when there is none
    std::size_t threads_max = 64;           // so many names may hang before another one waits for them;
                                            // half as many of those that hung the last time
    std::size_t queue_max = 1'024;          // names that wait for a thread; one more fails at once
    std::size_t names_kept_max = 4'096;
};

// Looks names up on threads of its own, so that a slow name delays neither a loop nor, until threads_max of
// them hang, another name: a name that finds no idle thread has one started. Those who ask for one name at
// the same time share a look-up. Thread-safe.
class resolver
{
public:
    using callback = std::function<void(lookup_answer)>;
    struct waiter;

    explicit resolver(resolver_options options);

    // Calls nobody back any more, and does not wait for a look-up that hangs: its thread ends by itself, and
    // touches neither a loop nor a callback again.
    ~resolver();

    resolver(const resolver&) = delete;
    resolver& operator=(const resolver&) = delete;

    // The answer, when it is known from a look-up that is not too old.
    std::optional<lookup_answer> known(const std::string& name) const;

    // Calls `done` once, on `loop` and never from inside this function, unless the waiter is dropped before.
    // `loop` must outlive the resolver.
    [[nodiscard]] std::shared_ptr<waiter> look_up(const std::string& name, boost::asio::any_io_executor loop,
                                                  callback done);

private:
    struct shared;
    std::shared_ptr<shared> shared_;
};

} // namespace http
