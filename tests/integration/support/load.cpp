#include "tests/integration/support/load.hpp"

#include <exception>
#include <utility>

namespace integration {

load::load(origin target, unsigned workers, maker next) : target_(std::move(target)), next_(std::move(next))
{
    for (unsigned worker = 0; worker < workers; ++worker)
        threads_.emplace_back([this, worker] { work(worker); });
}

load::~load()
{
    stop();
}

ledger load::stop()
{
    stopping_ = true;
    for (auto& thread : threads_)
        thread.join();
    threads_.clear();
    return std::exchange(ledger_, {});
}

void load::work(unsigned worker)
{
    try {
        connection link(target_);
        for (unsigned number = 0; !stopping_; ++number) {
            auto request = next_(worker, number);
            link.write(request.bytes);
            auto answer = link.read();
            const bool last = !answer || answer->value("connection") == "close";
            keep(std::move(request), std::move(answer));
            if (last)
                return;
        }
    }
    catch (const std::exception& error) {
        const std::lock_guard lock(mutex_);
        ledger_.faults.emplace_back(error.what());
    }
}

void load::keep(load_request request, std::optional<reply> answer)
{
    const std::lock_guard lock(mutex_);
    if (!answer)
        ledger_.unacknowledged.push_back(std::move(request.name));
    else if (answer->status / 100 == 2) {
        ++acknowledged_;
        ledger_.acknowledged.push_back({std::move(request.name), std::move(*answer)});
    }
    else
        ledger_.refused.push_back({std::move(request.name), std::move(*answer)});
}

} // namespace integration
