#pragma once

#include "common/storage/database.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <array>
#include <optional>
#include <stdexcept>
#include <stdlib.h>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace test {

inline constexpr std::array<storage::migration, 1> one_table{
    storage::migration{"CREATE TABLE t (value INTEGER UNIQUE, bytes BLOB)"}};

// A database with one table, the loop of its callers, and how each of their operations ended.
struct database_fixture
{
    temporary_folder folder;
    boost::asio::io_context loop;
    std::vector<std::string> fatal;
    std::vector<std::string> ended; // "7 stored", "7 unavailable: why", "7 failed: why", in order
    std::optional<storage::database> db;

    explicit database_fixture(bool own_threads = false, std::size_t write_queue_max = 8'192,
                              storage::free_disk_options free_disk = {})
    {
        storage::database_options options;
        options.path = folder.file("test.db");
        options.write_queue_max = write_queue_max;
        options.own_threads = own_threads;
        options.free_disk = std::move(free_disk);
        options.on_fatal = [this](const std::string& what) { fatal.push_back(what); };
        db.emplace(std::move(options), one_table);
    }

    // Tells how an operation ended by running `work`, an awaitable of it.
    boost::asio::awaitable<void> tell(std::string name, boost::asio::awaitable<void> work)
    {
        try {
            co_await std::move(work);
            ended.push_back(name + " stored");
        }
        catch (const runtime::unavailable& refusal) {
            ended.push_back(name + " unavailable: " + refusal.what());
        }
        catch (const std::exception& failure) {
            ended.push_back(name + " failed: " + failure.what());
        }
    }

    boost::asio::awaitable<void> insert(int value, storage::admission how)
    {
        co_await db->write(
            [&](storage::connection& c) {
                c.prepare("INSERT INTO t (value) VALUES (?)").bind(value).execute();
                if (value < 0) {
                    throw std::runtime_error("negative");
                }
            },
            how);
    }

    boost::asio::awaitable<void> insert_bytes(int value, int bytes,
                                              storage::admission how = storage::admission::bounded)
    {
        co_await db->write(
            [&](storage::connection& c) {
                c.prepare("INSERT INTO t VALUES (?, zeroblob(?))").bind(value).bind(bytes).execute();
            },
            how);
    }

    // Calls for the insertion of `value`; one below 0 throws after its row was inserted.
    void start_insert(int value, storage::admission how = storage::admission::bounded)
    {
        start(std::to_string(value), insert(value, how));
    }

    void start(const std::string& name, boost::asio::awaitable<void> work)
    {
        boost::asio::co_spawn(loop, tell(name, std::move(work)), boost::asio::detached);
        poll();
    }

    void poll()
    {
        loop.restart();
        loop.poll();
    }

    // Runs a database without threads until nothing is left to do.
    void drive()
    {
        do {
            poll();
        } while (db->step());
    }

    // Waits until all that was called for has ended.
    void run()
    {
        loop.restart();
        loop.run();
    }

    // The values stored, as another program would read them.
    std::vector<std::int64_t> stored() const
    {
        storage::connection reader(folder.file("test.db"), storage::connection::mode::read_only);
        auto rows = reader.prepare("SELECT value FROM t ORDER BY rowid");
        std::vector<std::int64_t> values;
        while (rows.step()) {
            values.push_back(rows.integer(0));
        }
        return values;
    }
};

} // namespace test
