#pragma once

#include "common/storage/database.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <optional>
#include <span>
#include <stdexcept>
#include <utility>

namespace test {

// A database in a folder of its own and the loop of its callers, both driven by the test on one thread.
class driven_storage
{
public:
    explicit driven_storage(std::span<const storage::migration> migrations)
        : database(options(folder), migrations)
    {}

    // Lets everything happen that can happen at this instant.
    void settle()
    {
        do {
            loop.restart();
            while (loop.poll() > 0) {
            }
        } while (database.step());
    }

    // Runs a call to its end; it must not have to wait for more than the storage.
    template <class T>
    T result_of(boost::asio::awaitable<T> call)
    {
        std::optional<T> result;
        std::exception_ptr failure;
        boost::asio::co_spawn(loop, std::move(call), [&](const std::exception_ptr& thrown, T value) {
            failure = thrown;
            result.emplace(std::move(value));
        });
        settle();
        if (failure)
            std::rethrow_exception(failure);
        if (!result)
            throw std::logic_error("the call did not complete");
        return std::move(*result);
    }

    void run(boost::asio::awaitable<void> call) { result_of(completed(std::move(call))); }

    boost::asio::io_context loop;
    temporary_folder folder;
    storage::database database;

private:
    static storage::database_options options(const temporary_folder& folder)
    {
        storage::database_options driven;
        driven.path = folder.file("test.db");
        driven.own_threads = false;
        driven.write_queue_max = 100'000; // a test may ask for everything at once
        return driven;
    }

    static boost::asio::awaitable<bool> completed(boost::asio::awaitable<void> call)
    {
        co_await std::move(call);
        co_return true;
    }
};

} // namespace test
