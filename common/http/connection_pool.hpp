#pragma once

#include "common/http/connection.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <list>
#include <map>
#include <memory>
#include <vector>

namespace http {

// The connections that wait to be used again. One is closed when it has waited too long, when the peer closes
// it, and, the longest waiting first, when there are too many. All functions on the loop.
class connection_pool : public std::enable_shared_from_this<connection_pool>
{
public:
    connection_pool(const boost::asio::any_io_executor& loop, std::size_t connections_max,
                    std::chrono::seconds wait_max);

    // The connection of `key` that was used last; nothing when there is none.
    std::shared_ptr<connection> take(const connection_key& key);

    // Keeps a connection whose last response was read to its end.
    void put(const std::shared_ptr<connection>& idle);

    // Closes all, and from now on every one that is put.
    void stop();

    std::size_t size() const { return waiting_.size(); }

private:
    struct entry
    {
        std::shared_ptr<connection> idle;
        std::chrono::steady_clock::time_point until;
    };
    using position = std::list<entry>::iterator;

    void remove(position where);
    void sweep_later();

    const std::size_t connections_max_;
    const std::chrono::seconds wait_max_;
    boost::asio::steady_timer sweeper_;
    std::list<entry> waiting_; // the longest waiting first
    std::map<connection_key, std::vector<position>> by_key_;
    bool sweeping_ = false;
    bool stopped_ = false;
};

} // namespace http
