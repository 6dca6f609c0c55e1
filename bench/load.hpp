#pragma once

#include "bench/samples.hpp"

#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace bench {

// What a generator is to send.
struct load_plan
{
    const char* what = "requests"; // for messages: starts, posts
    std::uint16_t port = 0;
    std::size_t connections = 1;
    std::size_t requests = 0;
    // A second, each at its time whether or not the earlier ones were answered; 0: a closed loop.
    double rate = 0;
    unsigned limit_s = 120;
    std::function<std::string(std::size_t index)> request;
    // How much of what was sent has come to where it goes. With so much on its way as on_its_way_max a closed
    // loop waits, and an open one has failed. Without it the connections are the bound: one request each.
    std::function<std::size_t()> arrived;
    std::size_t on_its_way_max = 0;
};

struct load_result
{
    std::int64_t began_ns = 0;
    std::int64_t ended_ns = 0;
    double cpu_s = 0;                 // that the generator took, a sink on its loop included
    std::vector<std::int64_t> due_ns; // by index: when each was to be sent
    samples latencies;                // from when a request was to be sent to the end of its answer
    std::size_t late = 0;             // of an open loop: sent over 1 ms after its time
    std::size_t refused = 0;          // answered, but not with 2xx
};

// What is said when --limit passes: "starts: 7 of 10 were answered within 120 s (--limit)".
std::string limit_text(const std::string& what, std::size_t done, std::size_t asked, const std::string& how,
                       unsigned limit_s);

// Sends everything over kept connections on `loop` and returns when all of it was answered. Throws
// std::runtime_error when a connection ends, the limit passes, or too much of an open loop is on its way;
// `loop` is then not to be run again.
load_result run_load(boost::asio::io_context& loop, const load_plan& plan);

} // namespace bench
