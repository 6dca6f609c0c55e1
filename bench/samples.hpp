#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace bench {

// Durations in nanoseconds, and what is said of them.
class samples
{
public:
    void add(std::int64_t ns) { values_.push_back(ns); }
    std::size_t count() const { return values_.size(); }

    // The smallest value that the share `part` (0 to 1) of all does not exceed, in milliseconds; 0 of none.
    double percentile_ms(double part);

private:
    std::vector<std::int64_t> values_;
};

// The middle one in order of size, or the mean of the two middle ones. There must be at least one.
inline double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return (values[(values.size() - 1) / 2] + values[values.size() / 2]) / 2;
}

// Nanoseconds of CLOCK_MONOTONIC, which all processes of a machine share.
std::int64_t now_ns();

// CPU time of this process since its start, all threads.
double own_cpu_s();

} // namespace bench
