#pragma once

#include "bench/sink.hpp"

#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace bench {

// Callbacks that do not take what is posted, each an origin of its own. They run on a thread of their own, so
// that they keep neither the generator nor a sink from telling when something came.
class failing_callbacks
{
public:
    explicit failing_callbacks(const std::vector<conduct>& each);
    ~failing_callbacks();
    failing_callbacks(const failing_callbacks&) = delete;
    failing_callbacks& operator=(const failing_callbacks&) = delete;

    // As "http://127.0.0.1:40000", in the order that was asked for.
    const std::vector<std::string>& origins() const { return origins_; }

    // Ends the thread and closes every connection and port, so that a daemon that stops has nothing to wait
    // for. Answers with the POSTs that came in all. To be called once.
    std::size_t close();

private:
    std::unique_ptr<boost::asio::io_context> loop_;
    std::vector<std::unique_ptr<sink>> callbacks_;
    std::vector<std::string> origins_;
    std::thread thread_;
};

} // namespace bench
