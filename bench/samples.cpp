#include "bench/samples.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>

namespace bench {

double samples::percentile_ms(double part)
{
    if (values_.empty())
        return 0;
    const auto rank = static_cast<std::size_t>(std::ceil(part * static_cast<double>(values_.size())));
    const auto at = values_.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(rank, 1) - 1);
    std::nth_element(values_.begin(), at, values_.end());
    return static_cast<double>(*at) / 1e6;
}

std::int64_t now_ns()
{
    return std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double own_cpu_s()
{
    timespec cpu = {};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu);
    return static_cast<double>(cpu.tv_sec) + static_cast<double>(cpu.tv_nsec) / 1e9;
}

} // namespace bench
