#include "bench/failing_callbacks.hpp"

namespace bench {

failing_callbacks::failing_callbacks(const std::vector<conduct>& each)
    : loop_(std::make_unique<boost::asio::io_context>(1))
{
    for (const auto how : each) {
        callbacks_.push_back(std::make_unique<sink>(*loop_, how));
        origins_.push_back(callbacks_.back()->origins().front());
    }
    thread_ = std::thread([&loop = *loop_] { loop.run(); }); // never out of work: it accepts
}

failing_callbacks::~failing_callbacks()
{
    if (thread_.joinable())
        close();
}

std::size_t failing_callbacks::close()
{
    loop_->stop();
    thread_.join();
    std::size_t posts = 0;
    for (const auto& one : callbacks_)
        posts += one->posts();
    callbacks_.clear();
    loop_.reset(); // and with it the connections, which its handlers hold
    return posts;
}

} // namespace bench
