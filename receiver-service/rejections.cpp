#include "receiver-service/rejections.hpp"

#include <utility>

namespace receiver {

void rejections::add(rejection refused)
{
    ++counts_[refused.reason];
    latest_.push_front(std::move(refused));
    if (latest_.size() > rejections_max)
        latest_.pop_back();
}

} // namespace receiver
